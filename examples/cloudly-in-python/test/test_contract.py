"""python3 -m unittest discover test: the test vectors of the contracts package."""

import json
import sys
import unittest
from pathlib import Path

from jsonschema import Draft202012Validator

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cloudly.body import is_json_in_utf8  # noqa: E402
from cloudly.contract import FOLDER, message_schema  # noqa: E402
from cloudly.fleet import approval_code_from, approval_code_of, comparable, hash_of  # noqa: E402
from cloudly.message import read_message  # noqa: E402
from cloudly.node_endpoints import bearer_token  # noqa: E402
from cloudly.problem import Problem  # noqa: E402

vectors = json.loads((FOLDER / 'test-vectors.json').read_text(encoding='utf-8'))


class Vectors(unittest.TestCase):
    def test_approval_codes(self) -> None:
        for vector in vectors['registrationKeys']:
            self.assertEqual(hash_of(vector['registrationKey']), vector['registrationKeySha256Hex'])
            self.assertEqual(approval_code_of(vector['registrationKey']), vector['approvalCode'])
        for vector in vectors['typedApprovalCodes']:
            with self.subTest(vector['typed']):
                self.assertEqual(approval_code_from(vector['typed']), vector['approvalCode'])

    def test_node_ids(self) -> None:
        is_node_id = Draft202012Validator(message_schema('register-request')['$defs']['nodeId']).is_valid
        for vector in vectors['nodeIds']:
            with self.subTest(vector['nodeId']):
                self.assertEqual(is_node_id(vector['nodeId']), vector['comparedAs'] is not None)
                if vector['comparedAs'] is not None:
                    self.assertEqual(comparable(vector['nodeId']), vector['comparedAs'])

    def test_headers(self) -> None:
        for vector in vectors['authorizations']:
            with self.subTest(vector['authorization']):
                self.assertEqual(bearer_token([vector['authorization']]), vector['token'])
        for vector in vectors['contentTypes']:
            with self.subTest(vector['contentType']):
                self.assertEqual(is_json_in_utf8([vector['contentType']]), vector['taken'])

    def test_bodies(self) -> None:
        for vector in vectors['bodies']:
            with self.subTest(vector['body']), self.assertRaises(Problem) as refused:
                read_message('register-request', vector['body'].encode())
            self.assertEqual(refused.exception.code, vector['code'], vector['body'])
            if 'path' in vector:
                issue = refused.exception.members['issues'][0]
                self.assertEqual(issue, {'path': vector['path'], 'rule': vector['rule']}, vector['body'])


if __name__ == '__main__':
    unittest.main()
