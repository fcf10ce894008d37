// The first import of every entry. Node opens its inspector, through which anyone on this machine can read and run anything in the process, as
// soon as SIGUSR1 comes; a signal with a listener does not (Node's manual, "Signal events"). Tests run as the same user and can send it.
process.on("SIGUSR1", () => undefined);
