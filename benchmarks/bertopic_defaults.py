"""The rival of our topics: BERTopic as it comes, over the same segments and vectors, for rivals.py to run."""

import json
import sys
from pathlib import Path

import numpy as np
from bertopic import BERTopic


def find_topics(folder: Path) -> None:
    """Write the topics of the segments in a folder, and the topics' words, to topics.json."""
    quotes = list(json.loads((folder / "quotes.json").read_text())["words"].values())
    model = BERTopic()
    numbers, _ = model.fit_transform(quotes, np.load(folder / "vectors.npy"))
    words = [[word for word, _ in pairs if word] for number, pairs in sorted(model.get_topics().items()) if number >= 0]
    (folder / "topics.json").write_text(json.dumps({"numbers": [int(n) for n in numbers], "words": words}))


if __name__ == "__main__":
    find_topics(Path(sys.argv[1]))
