"""The fit computes on one thread, also in libraries that nobody has imported before."""

import json
import subprocess
import sys

ASK = """
import json, os
from graylit.topics.threads import one_thread

with one_thread():
    import bertopic, scipy.linalg, sklearn.cluster, sklearn.decomposition
    from threadpoolctl import threadpool_info

    print(json.dumps([(os.path.basename(pool["filepath"]), pool["num_threads"]) for pool in threadpool_info()]))
"""


def test_libraries_that_are_imported_later_keep_to_one_thread_too():
    asked = [sys.executable, "-W", "error", "-c", ASK]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    pools = json.loads(ended.stdout)
    assert len(pools) >= 3 and {n_threads for _, n_threads in pools} == {1}
