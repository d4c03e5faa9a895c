package dev.gyre.io;

/** Where a socket listens or connects to. */
public sealed interface Address permits IpAddress, UnixAddress {}
