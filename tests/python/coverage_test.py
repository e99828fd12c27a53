"""The operators that tests/infer/coverage_test.cc says are newer than its libonnx are those that the newest
ONNX knows."""
import re
import unittest

import onnx.defs

import models

SOURCE = models.SOURCE / "tests" / "infer" / "coverage_test.cc"
# Operator sets of the libonnx that the C++ test walks, and the last ones that its list speaks of.
OLDEST = {"": 17, "ai.onnx.ml": 2, "ai.onnx.preview": 0}
NEWEST = {"": 28, "ai.onnx.ml": 5, "ai.onnx.preview": 1}


class CoverageTest(unittest.TestCase):

    def test_the_list_of_newer_operators_is_complete(self):
        text = re.search(r"kNewer =.*?\);", SOURCE.read_text(encoding="utf-8"), re.DOTALL).group()
        listed = set(re.findall(r'"([^"]+)"', text))
        first = {}
        for schema in onnx.defs.get_all_schemas_with_history():
            key = (schema.domain, schema.name)
            first[key] = min(schema.since_version, first.get(key, schema.since_version))
        newer = {f"{domain}.{name}".lstrip(".") for (domain, name), since in first.items()
                 if domain in NEWEST and OLDEST[domain] < since <= NEWEST[domain]}
        self.assertEqual(listed, newer)
