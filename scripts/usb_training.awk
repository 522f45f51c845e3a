# What a step of training and a whole training take on a board: times of the bus from the rows of throughput, of the array from its clocks
# and the clock that the board's bit file runs at. Bus and array overlap, so the longer one counts; the host's part comes on top, since a
# step begins with the sums of the one before it.
# Usage: awk -v board=NAME -v speed=high|full -v mhz=MHZ -f usb_training.awk usb.json. SPDX-License-Identifier: Apache-2.0
function value(key) {
    return match($0, "\"" key "\": *[^,}]*") ? substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 4) + 0 : 0
}
index($0, "\"speed\": \"" speed "\", \"direction\": \"out\"") { out = value("stream_bytes") / value("bus_cycles") * value("bus_mhz") * 1e6 }
index($0, "\"speed\": \"" speed "\", \"direction\": \"in\"") { back = value("stream_bytes") / value("bus_cycles") * value("bus_mhz") * 1e6 }
/"training":/ {
    steps = value("steps")
    array = value("step_array_clocks") / (mhz * 1e6)
    to = value("step_bytes_out")
    from = value("step_bytes_in")
    host = value("step_host_s")
}
END {
    if (!out || !back || !steps) { print "usb_training.awk: rows of throughput or training are missing" > "/dev/stderr"; exit 1 }
    to /= out
    from /= back
    bus = to + from
    printf "{\"board\": \"%s\", \"speed\": \"%s\", \"array_mhz\": %s, \"step_array_s\": %.5f, \"step_to_s\": %.5f, \"step_from_s\": %.5f, \"step_host_s\": %.5f, \"training_s\": %.1f}\n", \
        board, speed, mhz, array, to, from, host, steps * ((bus > array ? bus : array) + host)
}
