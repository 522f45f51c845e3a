# What reading the labels of 10,000 images takes on a board: times of the bus from the rows of throughput, of the array from its clocks and the
# clock that the board's bit file runs at. Bus and array overlap, so the longer one counts; the host's part comes on top.
# Usage: awk -v board=NAME -v speed=high|full -v mhz=MHZ -f usb_eval.awk usb.json. SPDX-License-Identifier: Apache-2.0
function value(key) {
    return match($0, "\"" key "\": *[^,}]*") ? substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 4) + 0 : 0
}
function rate() { return value("stream_bytes") / value("bus_cycles") * value("bus_mhz") * 1e6 }
index($0, "\"speed\": \"" speed "\", \"direction\": \"out\"") { out = rate() }
index($0, "\"speed\": \"" speed "\", \"direction\": \"in\"") { back = rate() }
/"eval":/ {
    array = value("image_array_clocks") / (mhz * 1e6)
    to = value("image_bytes_out")
    from = value("image_bytes_in")
    host = value("image_host_s")
}
END {
    if (!out || !back || !array) { print "usb_eval.awk: rows of throughput or eval are missing" > "/dev/stderr"; exit 1 }
    to /= out
    from /= back
    bus = to + from
    images = 10000
    printf "{\"board\": \"%s\", \"speed\": \"%s\", \"array_mhz\": %s, \"eval_images\": %d, \"array_s\": %.2f, \"to_s\": %.2f, \"from_s\": %.2f, \"host_s\": %.2f, \"eval_s\": %.1f}\n", \
        board, speed, mhz, images, images * array, images * to, images * from, images * host, images * ((bus > array ? bus : array) + host)
}
