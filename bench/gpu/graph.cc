// Reading and colouring graphs. SPDX-License-Identifier: Apache-2.0
#include "graph.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <sstream>

[[noreturn]] static void bad(const std::string &path, const char *what) {
    fprintf(stderr, "gpu_gibbs: %s: %s\n", path.c_str(), what);
    exit(1);
}

double Graph::energy(const int8_t *spins) const {
    double e = 0;
    for (int i = 0; i < n; i++) {
        double field = 0;
        for (int k = row[i]; k < row[i + 1]; k++)
            field += J[k] * spins[col[k]];
        e -= spins[i] * (field / 2 + h[i]);
    }
    return e;
}

// Greedy, the p-bit with the most coloured neighbours' colours first, then the largest degree
// (DSATUR).
static void colour_graph(Graph &g) {
    std::vector<std::vector<char>> used(g.n);
    std::vector<int> seen(g.n, 0);
    g.colour.assign(g.n, -1);
    const auto before = [&](int a, int b) {
        const int da = g.row[a + 1] - g.row[a], db = g.row[b + 1] - g.row[b];
        return seen[a] != seen[b] ? seen[a] > seen[b] : da != db ? da > db : a < b;
    };
    std::vector<int> left(g.n);
    std::iota(left.begin(), left.end(), 0);
    while (!left.empty()) {
        const auto at = std::min_element(left.begin(), left.end(), before);
        const int i = *at;
        *at = left.back();
        left.pop_back();
        int c = 0;
        while (c < (int)used[i].size() && used[i][c])
            c++;
        g.colour[i] = c;
        g.colours = std::max(g.colours, c + 1);
        for (int k = g.row[i]; k < g.row[i + 1]; k++) {
            const int j = g.col[k];
            if ((int)used[j].size() <= c)
                used[j].resize(c + 1, 0);
            seen[j] += !used[j][c];
            used[j][c] = 1;
        }
    }
}

static int32_t whole(const std::string &name, double x, double unit) {
    const double w = std::round(x / unit);
    if (std::fabs(x / unit - w) > 1e-6 || std::fabs(w) > 1e9)
        bad(name, "a coupling or bias is no multiple of the unit");
    return (int32_t)w;
}

Graph make_graph(const std::string &name, int n, const std::vector<int32_t> &i,
                 const std::vector<int32_t> &j, const std::vector<double> &J,
                 const std::vector<double> &h, double unit) {
    Graph g;
    g.name = name;
    g.n = n;
    g.m = (int)J.size();
    g.h = h;
    g.unit = unit;
    g.row.assign(n + 1, 0);
    for (int e = 0; e < g.m; e++) {
        g.row[i[e] + 1]++;
        g.row[j[e] + 1]++;
    }
    std::partial_sum(g.row.begin(), g.row.end(), g.row.begin());
    g.col.resize(2 * (size_t)g.m);
    g.J.resize(2 * (size_t)g.m);
    std::vector<int32_t> at(g.row.begin(), g.row.end() - 1);
    for (int e = 0; e < g.m; e++) {
        g.J[at[i[e]]] = g.J[at[j[e]]] = J[e];
        g.col[at[i[e]]++] = j[e];
        g.col[at[j[e]]++] = i[e];
    }
    if (unit > 0) {
        for (double x : g.J)
            g.W.push_back(whole(name, x, unit));
        for (double x : g.h)
            g.H.push_back(whole(name, x, unit));
    }
    colour_graph(g);
    return g;
}

// Header, then comments, then the line of sizes; returns the comments' unit.
static double read_head(std::ifstream &f, const std::string &path, const char *kind,
                        std::string *sizes) {
    std::string line;
    double unit = 0;
    if (!std::getline(f, line) || line.find("%%MatrixMarket") != 0 ||
        line.find(kind) == std::string::npos)
        bad(path, "not the MatrixMarket file that it should be");
    while (std::getline(f, line) && line[0] == '%')
        if (line.find("%unit ") == 0)
            unit = atof(line.c_str() + 6);
    *sizes = line;
    return unit;
}

Graph read_graph(const std::string &path) {
    std::ifstream f(path);
    std::string sizes;
    if (!f)
        bad(path, "cannot be read");
    const double unit = read_head(f, path, "coordinate real symmetric", &sizes);
    int n = 0, columns = 0, m = 0;
    if (!(std::istringstream(sizes) >> n >> columns >> m) || n < 1 || m < 0 || n != columns)
        bad(path, "the line of sizes makes no sense");
    std::vector<int32_t> i(m), j(m);
    std::vector<double> J(m), h(n, 0);
    for (int e = 0; e < m; e++) {
        if (!(f >> i[e] >> j[e] >> J[e]) || i[e] < 1 || j[e] < 1 || i[e] > n || j[e] > n ||
            i[e] == j[e])
            bad(path, "an entry is missing or makes no sense");
        i[e]--;
        j[e]--;
    }
    const std::string stem = path.substr(0, path.rfind(".mtx"));
    std::ifstream b(stem + ".bias.mtx");
    if (b) {
        read_head(b, stem + ".bias.mtx", "array real general", &sizes);
        for (double &x : h)
            if (!(b >> x))
                bad(stem + ".bias.mtx", "a bias is missing");
    }
    const size_t slash = stem.rfind('/');
    return make_graph(slash == std::string::npos ? stem : stem.substr(slash + 1), n, i, j, J, h,
                      unit);
}
