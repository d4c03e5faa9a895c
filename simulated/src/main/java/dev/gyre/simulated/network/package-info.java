/**
 * The network of a machine, links and routers between machines, and the calls on sockets.
 */
@NullMarked
package dev.gyre.simulated.network;

import org.jspecify.annotations.NullMarked;
