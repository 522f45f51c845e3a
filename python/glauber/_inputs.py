"""Matrices and networkx graphs as the arrays that the C library takes.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def compressed_rows(
    matrix: Any,
) -> tuple[int, NDArray[np.int64], NDArray[np.int32], NDArray[np.float64], bool]:
    """n, start[n + 1], column[entries] and value[entries] of a square matrix.

    Last: whether it has values on both sides of the diagonal, so that it must be symmetric.
    """
    shape = np.shape(matrix)
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] == 0:
        raise ValueError(f"matrix: shape {shape}; a graph takes a square one, n x n")
    n = shape[0]
    if hasattr(matrix, "tocsr"):
        rows = matrix.tocsr()
        start = np.ascontiguousarray(rows.indptr, np.int64)
        columns = np.ascontiguousarray(rows.indices, np.int32)
        values = np.ascontiguousarray(rows.data, np.float64)
    else:
        dense = np.asarray(matrix, np.float64)
        i, j = np.nonzero(dense)
        start = np.searchsorted(i, np.arange(n + 1)).astype(np.int64)
        columns = j.astype(np.int32)
        values = dense[i, j]
    row_of = np.repeat(np.arange(n), np.diff(start))
    upper, lower = values[row_of < columns], values[row_of > columns]
    both = bool(np.any(upper != 0) and np.any(lower != 0))
    return n, start, columns, values, both


def networkx_arrays(
    graph: Any, weight: str, bias: str
) -> tuple[
    list[Any], NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]
]:
    """Nodes, i[edges], j[edges], value[edges] and bias[nodes] of an undirected graph."""
    if graph.is_directed():
        raise ValueError("couplings have no direction; give graph.to_undirected()")
    labels = list(graph.nodes)
    number = {node: k for k, node in enumerate(labels)}
    edges = list(graph.edges(data=weight, default=1.0))
    i = np.array([number[u] for u, _, _ in edges], np.int32)
    j = np.array([number[v] for _, v, _ in edges], np.int32)
    values = np.array([w for _, _, w in edges], np.float64)
    biases = np.array([b for _, b in graph.nodes(data=bias, default=0.0)], np.float64)
    return labels, i, j, values, biases
