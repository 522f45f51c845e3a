"""Whether clauses can be satisfied: a search of its own for the tests of glauber.sat.

Davis, Putnam, Logemann and Loveland: unit clauses first, then both values of the literal that is
most frequent in the shortest clauses. SPDX-License-Identifier: Apache-2.0
"""

from collections import Counter


def _assigned(clauses, literal):
    """What is left once the literal is true; None if a clause is then empty."""
    left = []
    for clause in clauses:
        if literal in clause:
            continue
        if -literal in clause:
            shorter = tuple(x for x in clause if x != -literal)
            if not shorter:
                return None
            left.append(shorter)
        else:
            left.append(clause)
    return left


def satisfiable(clauses):
    """True or False, after a complete search."""
    clauses = list(clauses)
    while True:
        unit = next((clause[0] for clause in clauses if len(clause) == 1), None)
        if unit is None:
            break
        clauses = _assigned(clauses, unit)
        if clauses is None:
            return False
    if not clauses:
        return True
    shortest = min(map(len, clauses))
    literal = Counter(x for c in clauses if len(c) == shortest for x in c).most_common(1)[0][0]
    return any(
        left is not None and satisfiable(left)
        for left in (_assigned(clauses, x) for x in (literal, -literal))
    )
