/* The floor of a drain: takes a topic's messages in batches with the native client and nothing else, and prints
 *   wall seconds, CPU µs per message of the taking thread, of the whole process, messages, bytes per message
 * floor LIBRARY BOOTSTRAP TOPIC PARTITIONS [property=value]...
 * The client's functions are looked up in the library named, so that no header is needed; cc floor.c -ldl. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 512, CONSUMER = 1, PARTITION_EOF = -191 };

typedef struct {
    int err;
    void *topic;
    int32_t partition;
    void *payload;
    size_t len;
    void *key;
    size_t key_len;
    int64_t offset;
    void *own;
} message;

static void *library;

static void *function(const char *name) {
    void *found = dlsym(library, name);
    if (!found) {
        fprintf(stderr, "floor: %s\n", dlerror());
        exit(1);
    }
    return found;
}

static double seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void *configuration;

static void set(const char *name, const char *value) {
    char trouble[512];
    int (*conf_set)(void *, const char *, const char *, char *, size_t) = function("rd_kafka_conf_set");
    if (conf_set(configuration, name, value, trouble, sizeof trouble)) {
        fprintf(stderr, "floor: %s\n", trouble);
        exit(1);
    }
}

static void *open_consumer(int argc, char **argv) {
    char trouble[512];
    configuration = ((void *(*)(void))function("rd_kafka_conf_new"))();
    set("bootstrap.servers", argv[2]);
    set("group.id", "floor");
    set("enable.auto.commit", "false");
    set("enable.auto.offset.store", "false");
    set("enable.partition.eof", "true");
    for (int i = 5; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        *equals = 0;
        set(argv[i], equals + 1);
    }
    void *consumer = ((void *(*)(int, void *, char *, size_t))function("rd_kafka_new"))(CONSUMER, configuration, trouble, sizeof trouble);
    if (!consumer) {
        fprintf(stderr, "floor: %s\n", trouble);
        exit(1);
    }
    ((int (*)(void *))function("rd_kafka_poll_set_consumer"))(consumer);
    return consumer;
}

static void assign(void *consumer, const char *topic, int partitions) {
    void *list = ((void *(*)(int))function("rd_kafka_topic_partition_list_new"))(partitions);
    void *(*add)(void *, const char *, int32_t) = function("rd_kafka_topic_partition_list_add");
    int (*start)(void *, const char *, int32_t, int64_t) = function("rd_kafka_topic_partition_list_set_offset");
    for (int partition = 0; partition < partitions; partition++) {
        add(list, topic, partition);
        start(list, topic, partition, 0);
    }
    ((int (*)(void *, void *))function("rd_kafka_assign"))(consumer, list);
}

int main(int argc, char **argv) {
    if (argc < 5 || !(library = dlopen(argv[1], RTLD_NOW))) {
        fprintf(stderr, "floor: LIBRARY BOOTSTRAP TOPIC PARTITIONS [property=value]...%s\n", argc < 5 ? "" : dlerror());
        return 2;
    }
    int partitions = atoi(argv[4]), ended = 0;
    long taken = 0, bytes = 0, times = 0;
    double began = seconds(CLOCK_MONOTONIC);
    void *consumer = open_consumer(argc, argv);
    assign(consumer, argv[3], partitions);
    void *queue = ((void *(*)(void *))function("rd_kafka_queue_get_consumer"))(consumer);
    ssize_t (*take)(void *, int, message **, size_t) = function("rd_kafka_consume_batch_queue");
    int64_t (*time_of)(const message *, int *) = function("rd_kafka_message_timestamp");
    void (*release)(message *) = function("rd_kafka_message_destroy");
    message *batch[BATCH];
    while (ended < partitions) {
        ssize_t count = take(queue, 0, batch, BATCH);
        if (count <= 0) count = take(queue, 100, batch, 1);
        for (ssize_t i = 0; i < count; i++) {
            int kind;
            if (batch[i]->err == PARTITION_EOF) ended++;
            else if (batch[i]->err) fprintf(stderr, "floor: error %d\n", batch[i]->err);
            else {
                taken++;
                bytes += batch[i]->len;
                times += time_of(batch[i], &kind) != 0;
            }
            release(batch[i]);
        }
    }
    printf("%.3f %.4f %.4f %ld %.1f\n", seconds(CLOCK_MONOTONIC) - began, seconds(CLOCK_THREAD_CPUTIME_ID) * 1e6 / taken,
        seconds(CLOCK_PROCESS_CPUTIME_ID) * 1e6 / taken, taken, (double)bytes / taken);
    fflush(stdout);
    _exit(times == taken ? 0 : 1); /* closing a consumer is not part of the drain */
}
