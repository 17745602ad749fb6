"""The task of recoding: a coder's codings whose codes were merged, split or defined anew since, one by one."""
