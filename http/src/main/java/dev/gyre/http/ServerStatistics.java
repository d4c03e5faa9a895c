package dev.gyre.http;

/**
 * What a server has done since it opened.
 *
 * @param successes answers with a status of 2xx
 * @param redirections answers with 3xx, 304 among them
 * @param clientErrors answers with 4xx
 * @param serverErrors answers with 5xx
 * @param bodyBytes how many bytes of bodies were sent
 * @param connections how many connections are open now
 */
public record ServerStatistics(
        long successes, long redirections, long clientErrors, long serverErrors, long bodyBytes, int connections) {
    /**
     * All answers.
     *
     * @return the sum of the four classes
     */
    public long answers() {
        return successes + redirections + clientErrors + serverErrors;
    }
}
