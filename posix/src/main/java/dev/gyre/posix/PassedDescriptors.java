package dev.gyre.posix;

import dev.gyre.io.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors that came with a message, and who sent it. There is room for them before it is received, and each is
 * put here before anything else is done: so none gets lost, whatever fails then, were it for want of memory.
 */
public final class PassedDescriptors {
    private final int[] numbers;
    private int count;
    private boolean cut;
    private boolean passedCut;
    private boolean tooMany;
    private boolean senderKnown;
    private int senderProcess;
    private int senderUser;
    private int senderGroup;

    /**
     * Room for some.
     *
     * @param max how many, 0 to 253
     */
    public PassedDescriptors(int max) {
        this.numbers = Unowned.room(max);
    }

    /**
     * For how many there is room.
     *
     * @return 0 to 253
     */
    public int max() {
        return numbers.length;
    }

    /**
     * Adds one. Makes no object.
     *
     * @param descriptor a new one, closed on exec, which belongs to the caller of
     *     {@link SocketCalls#receiveWith} from now on
     * @return false if there was no room: it is still the caller's, and counts as one that did not arrive
     */
    public boolean add(int descriptor) {
        if (count == numbers.length) {
            tooMany = true;
            return false;
        }
        numbers[count++] = descriptor;
        return true;
    }

    /**
     * Says what did not arrive.
     *
     * @param messageCut {@code MSG_TRUNC}
     * @param descriptorsCut {@code MSG_CTRUNC}
     */
    public void say(boolean messageCut, boolean descriptorsCut) {
        cut = messageCut;
        passedCut = descriptorsCut;
    }

    /**
     * Says who sent it, where the socket is to say that ({@code SCM_CREDENTIALS}). Makes no object.
     *
     * @param process its number, 0 for nobody
     * @param user the number of its user
     * @param group the number of its group
     */
    public void saySender(int process, int user, int group) {
        senderKnown = true;
        senderProcess = process;
        senderUser = user;
        senderGroup = group;
    }

    @Nullable Credentials sender() {
        return senderKnown ? new Credentials(senderProcess, senderUser, senderGroup) : null;
    }

    int count() {
        return count;
    }

    int number(int index) {
        return numbers[index];
    }

    boolean isCut() {
        return cut;
    }

    boolean isPassedCut() {
        return passedCut || tooMany;
    }

    /** Closes all of them, because of what has failed. */
    void closeAfter(Throwable failure, Kernel kernel) {
        Unowned.closeAfter(failure, kernel, numbers);
    }
}
