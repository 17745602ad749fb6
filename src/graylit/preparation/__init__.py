"""From captured bodies to texts, segments and terms, shard by shard."""
