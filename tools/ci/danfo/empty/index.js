// Nothing: frames draw no charts.
