"""The task of settling: what screeners differ on or are unsure about is decided by a row that is final."""
