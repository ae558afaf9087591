"""The mutator makes mistakes that matter."""

import ast

from tests.rigs.mutants import ROOT, TARGETS, mutants


def test_every_mutant_is_another_module_that_still_parses():
    path = ROOT / TARGETS["files"][0][0]
    original = ast.unparse(ast.parse(path.read_text()))
    found = mutants(path)
    assert len(found) > 50
    assert len({where for where, _ in found}) > 30
    for _, source in found:
        assert source != original
        ast.parse(source)
