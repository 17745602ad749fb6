"""What tables hold and how they are read and written: contracts by stage, kinds of cells, faults."""
