# docs/results/mutants.md from what has been run. SPDX-License-Identifier: Apache-2.0
import subprocess
from entries import AREAS, ROOT

NAMES = {"emulator": "emulator, array",
         "compiler": "compiler, verifier",
         "client": "client, transports, devices",
         "readers": "readers, files",
         "energy": "energies, statistics, sampler",
         "tempering": "replica exchange",
         "trainer": "training, topologies",
         "models": "data sets, models, labels, drawing",
         "tool": "command line: commands",
         "options": "command line: options, input, output",
         "rtl-control": "RTL, control",
         "rtl-port": "RTL, host port",
         "rtl-data": "RTL, data path",
         "usb": "USB gateware, board tops, simulated USB boards"}

INTRO = """# Deliberate faults

`make mutants` sets one fault at a time in a copy of the tree and runs the tests that claim its area, cheap ones first, until
one fails. The faults are those of `tests/mutants/*.txt`: chosen by hand, mostly subtle, not a random sample of all faults.
Share: caught of those that can be caught (equivalent ones left out). A test that hangs until its time limit counts as caught.
A survivor is of the last revision; what was caught counts while the file of the fault and the test that caught it are unchanged,
and is "caught earlier" afterwards until it runs again. Equivalent faults change nothing that can be seen; the argument of each is below.
The Linux guest, GPU, synthesis and fuzzing are not among the tests used here.
"""


def revision():
    """That of the last commit; "-dirty" if what is tested differs from it."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)

    changed = git("diff", "--quiet", "HEAD", "--", ".", ":!docs", ":!tests/mutants", ":!tests/tree").returncode
    return (git("describe", "--always", "--exclude", "*").stdout.strip() or "unknown") + ("-dirty" if changed else "")


def before(mutants, done, old, outcome):
    """Faults with that outcome on an earlier tree that have not run since."""
    return [m for m in mutants if m.key() not in done and old.get(m.key(), {}).get("outcome", "").startswith(outcome)
            and not m.equivalent]


def row(name, mutants, done, old):
    """A line of the table: listed, equivalent, caught, survived, share, caught or survived on earlier trees."""
    outcome = {m.id: done[m.key()]["outcome"] for m in mutants if m.key() in done}
    caught = [i for i in outcome if outcome[i].startswith("caught")]
    hangs = [i for i in caught if "hang" in outcome[i]]
    equal = [m.id for m in mutants if m.equivalent and m.id not in caught]
    alive = [i for i in outcome if outcome[i] == "survived" and i not in equal]
    count = len(caught) + len(alive)
    share = f"{100 * len(caught) / count:.0f} %" if count else "-"
    hang = f" ({len(hangs)} by a hang)" if hangs else ""
    return f"| {name} | {len(mutants)} | {len(equal)} | {len(caught)}{hang} | {len(alive)} | {share} | " \
           f"{len(before(mutants, done, old, 'caught'))} | {len(before(mutants, done, old, 'survived'))} |"


def write(mutants, done, old):
    ran = [m for m in mutants if m.key() in done]
    if not ran:
        print("# nothing has been run on this tree: docs/results/mutants.md stays as it is")
        return
    records = [done[m.key()] for m in ran]
    revisions = ", ".join(dict.fromkeys(r["revision"] for r in sorted(records, key=lambda r: r["time"])))
    dates = sorted({r["time"][:10] for r in records})
    lines = [INTRO, f"Revision {revisions}, {dates[0]}" + (f" to {dates[-1]}" if dates[0] != dates[-1] else "") +
             f"; command `make mutants`; {len(ran)} of {len(mutants)} faults run" +
             ("." if len(ran) == len(mutants) else "; the others are equivalent." if all(m.equivalent for m in mutants if m not in ran)
              else "; the others wait for a longer run of the same command."), "",
             "| area | listed | equivalent | caught | survived | share | caught earlier, to be run again | survived earlier |",
             "|---|---|---|---|---|---|---|---|"]
    for area in AREAS:
        lines.append(row(NAMES[area], [m for m in mutants if m.area == area], done, old))
    lines.append(row("all", mutants, done, old))
    alive = [m for m in ran if done[m.key()]["outcome"] == "survived" and not m.equivalent]
    invalid = [m for m in ran if done[m.key()]["outcome"] == "invalid"]
    equal = [m for m in mutants if m.equivalent]
    if alive:
        lines += ["", "## Survivors", "", "| id | file | what a user would notice | why no test fails |", "|---|---|---|---|"]
        lines += [f"| {m.id} | {m.path} | {m.reason} | {m.known} |".replace("\n", " ") for m in alive]
    lines += ["", "## Equivalent", "", "| id | file | fault | why it changes nothing | run |", "|---|---|---|---|---|"]
    for m in equal:
        fault = f"{m.old} -> {m.new or 'nothing'}".replace("\n", " ").replace("|", "\\|")
        lines.append(f"| {m.id} | {m.path} | `{' '.join(fault.split())}` | {m.equivalent} | "
                     f"{done[m.key()]['outcome'] if m.key() in done else 'no'} |".replace("\n", " "))
    earlier = before(mutants, done, old, "survived")
    if earlier:
        lines += ["", "Survived an earlier revision and not run since; tests may have come that catch them: " +
                  ", ".join(m.id for m in earlier) + "."]
    if invalid:
        lines += ["", "Invalid (the entry does not compile): " + ", ".join(m.id for m in invalid)]
    where = ROOT / "docs/results/mutants.md"
    where.write_text("\n".join(lines) + "\n")
    print(f"# {where.relative_to(ROOT)}: {len(ran)} of {len(mutants)}, {len(alive)} survivors")
