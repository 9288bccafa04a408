package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class RepliesTest {
    private record Taken(Replies.File file, Reply reply) {}

    private final Replies replies = new Replies();
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    private Thread want(Replies.File file) {
        Thread thread =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                taken.add(new Taken(file, replies.take(file)));
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
        threads.add(thread);
        return thread;
    }

    private Replies.File hung(int count) throws InterruptedException {
        Replies.File file = new Replies.File();
        for (int i = 0; i < count; i++) {
            want(file);
        }
        return file;
    }

    private List<Taken> await(int count) throws InterruptedException {
        List<Taken> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(taken.take());
        }
        return all;
    }

    @AfterEach
    void end() {
        threads.forEach(Thread::interrupt);
        taken.forEach(one -> replies.giveBack(one.file(), one.reply()));
        replies.trim();
    }

    @Test
    void aFileHasABoundAndAnotherIsServedHoweverManyHang() throws Exception {
        hung(400);
        await(Replies.EACH);
        assertThat(taken.poll(20, TimeUnit.MILLISECONDS)).isNull();
        // Two more take all that is shared.
        hung(400);
        await(Replies.EACH);
        hung(400);
        await(Replies.SHARED - 2 * (Replies.EACH - Replies.OWN) + Replies.OWN);
        for (int i = 0; i < 20; i++) {
            hung(400);
            await(Replies.OWN);
        }
        assertThat(taken.poll(20, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void whatIsGivenBackGoesToTheNext() throws Exception {
        hung(Replies.EACH + 2);
        List<Taken> first = await(Replies.EACH);
        first.forEach(one -> replies.giveBack(one.file(), one.reply()));
        await(2);
    }

    @Test
    void whoIsInterruptedTakesNothing() throws Exception {
        Replies.File file = hung(Replies.EACH);
        List<Taken> first = await(Replies.EACH);
        Thread waits = want(file);
        waits.interrupt();
        waits.join();
        first.forEach(one -> replies.giveBack(one.file(), one.reply()));
        for (int i = 0; i < Replies.EACH; i++) {
            want(file);
        }
        await(Replies.EACH);
    }
}
