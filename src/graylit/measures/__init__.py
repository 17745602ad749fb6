"""Numbers without tables: agreement, resampling, partitions, support."""
