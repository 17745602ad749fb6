"""The task of settling codings: where coders who are through differ, somebody decides, by rows of adjudications.csv."""
