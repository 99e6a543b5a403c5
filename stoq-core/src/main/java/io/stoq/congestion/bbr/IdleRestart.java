package io.stoq.congestion.bbr;

/** Whether the flow goes on after a pause: then the queue is empty anyway, and need not be drained to be measured. §5.4 */
final class IdleRestart {

    private boolean restarting;

    boolean isRestarting() {
        return restarting;
    }

    void begin() {
        restarting = true;
    }

    void onDelivered() {
        restarting = false;
    }
}
