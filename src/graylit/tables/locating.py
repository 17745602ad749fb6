"""The methods by which the place of a coding is found: a closed list, in the groups that the rest of the code asks for.

Only a coding that was looked for and not found is no evidence. One that cannot be looked for here still is.
"""

from __future__ import annotations

EXACT = (
    "same_place",  # the words are where they were
    "same_words",  # the same words at another place
)
SIMILAR = (
    "normalized",  # the same words with other white space, punctuation or typography
    "sketch",  # the best match of the fingerprint
)
LOST = ("orphan",)  # not found, or not without guessing: a person settles it
UNCHECKED = ("unchecked",)  # it has a place, and its words cannot be checked: no fingerprint, or only a frozen text
WHOLE = ("whole_source",)  # a coding of the whole source, which needs no words
WITHOUT_TEXT = ("no_text",)  # the source has no text here
LOCATING_METHODS = (*EXACT, *SIMILAR, *LOST, *UNCHECKED, *WHOLE, *WITHOUT_TEXT)

FOUND = (*EXACT, *SIMILAR)  # its words stand at its place
PLACED = (*FOUND, *UNCHECKED, *WHOLE)  # it has a place in its source
NOT_CHECKABLE = (*UNCHECKED, *WITHOUT_TEXT)  # nothing here says whether its words still stand
