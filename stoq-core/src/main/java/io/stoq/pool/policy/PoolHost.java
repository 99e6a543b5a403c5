package io.stoq.pool.policy;

import io.stoq.StoqException;
import io.stoq.pool.PoolEvent;
import java.net.InetSocketAddress;
import java.util.List;

/** What a pool asks of the world. Nothing here blocks; answers come as inputs of {@link Pool}, later. */
public interface PoolHost {

    /** Answered by {@link Pool#onResolved} or {@link Pool#onResolveFailed}. */
    void resolve();

    /** Answered by {@link Pool#onConnected} or {@link Pool#onDialFailed}, unless given up before. */
    void dial(long attempt, InetSocketAddress address);

    /** Nobody waits for this attempt any more. */
    void giveUp(long attempt);

    /**
     * These take new work from now on.
     *
     * @param refusal what to tell at once to those who ask while there is none; null: they wait
     * @param mayGrow whether {@link Pool#onDemand} could bring another connection
     */
    void publish(List<Member> usable, StoqException refusal, boolean mayGrow);

    /** The pool looks no longer: the next acquisition is to be told to {@link Pool#onActivity}. */
    void sleep();

    void tell(PoolEvent event);

    /** The pool was drained, and its last connection is closed. */
    void ended();
}
