"""The task of the codebook: codes are made, worded anew, merged, split and retired by rows of one table."""
