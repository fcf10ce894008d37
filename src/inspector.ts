// The first import of every entry. On SIGUSR1, Node opens its inspector, through which anyone on this machine can read and run anything in the
// process. It does not if the signal has a listener (Node's manual, "Signal events"). Tests run as the same user and can send it.
process.on("SIGUSR1", () => undefined);
