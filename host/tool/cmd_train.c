/* glauber train. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tool/cli.h"
#include "tool/train/training.h"

enum { OUTPUTS = 2, MOST_PATH = 1024 };

/* Folders that were made here, to be taken away again if the training does not start. */
static char made[OUTPUTS][MOST_PATH];

/* The folder of a file that will be written. */
static enum glb_status make_folder(const char *path, char *folder) {
    snprintf(folder, MOST_PATH, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = 0;
    if (slash && slash != folder && mkdir(folder, 0777) == 0)
        return GLB_OK;
    if (slash && slash != folder && errno != EEXIST)
        return glb_fail(GLB_ERR_FILE, "%s: the folder cannot be made: %s; make it first", folder,
                        strerror(errno));
    folder[0] = 0;
    return GLB_OK;
}

/* Finds out before the training, not after it. */
static enum glb_status check_outputs(const struct training *r) {
    char graph[MOST_PATH]; /* of --topology file:PATH */
    const int is_file = strncmp(r->topology, "file:", 5) == 0;
    snprintf(graph, sizeof graph, "%.*s", is_file ? (int)strcspn(r->topology + 5, ",") : 0,
             is_file ? r->topology + 5 : "");
    const char *const inputs[] = {is_file ? graph : NULL};
    const char *const files[] = {r->output, r->checkpoint};
    enum glb_status s = GLB_OK;
    for (int i = 0; i < OUTPUTS && !s; i++) {
        s = make_folder(files[i], made[i]);
        if (!s)
            s = cli_check_output(files[i], inputs, 1);
        if (!s)
            s = cli_check_data(files[i], r->data);
    }
    if (!s && strcmp(r->output, r->checkpoint) == 0)
        s = glb_fail(GLB_ERR_ARGUMENT, "%s: model and checkpoint need files of their own",
                     r->output);
    return s;
}

static enum glb_status prepare(struct training *r, struct cli_command *c) {
    if (r->resume && access(r->checkpoint, F_OK) != 0)
        return glb_fail(GLB_ERR_FILE,
                        "%s: %s: there is nothing to resume; name the --checkpoint or leave out "
                        "--resume",
                        r->checkpoint, strerror(errno));
    const enum glb_status s = r->describe ? GLB_OK : check_outputs(r);
    if (s)
        return s;
    if (!r->resume && !r->describe && access(r->checkpoint, F_OK) == 0)
        return glb_fail(GLB_ERR_FILE,
                        "%s: exists and would be lost, perhaps the checkpoint of an unfinished "
                        "training; continue it with --resume, remove it, or name another "
                        "--checkpoint",
                        r->checkpoint);
    return training_open(r, c);
}

int cmd_train(int argc, char **argv) {
    struct training r = {0};
    struct cli_option table[TRAINING_OPTIONS];
    struct cli_command c = training_command_line(&r, table);
    const int bad = cli_parse(&c, argc, argv);
    if (bad)
        return bad - 1;
    if (r.describe && !r.resume && (cli_given(&c, "output") || cli_given(&c, "checkpoint")))
        return cli_usage("train: --describe writes no files; leave --%s out",
                         cli_given(&c, "output") ? "output" : "checkpoint");
    cli_command_text(argc, argv, r.command, sizeof r.command);
    snprintf(r.revision, sizeof r.revision, "%s", glb_revision());
    if (!r.checkpoint) {
        snprintf(r.checkpoint_buffer, sizeof r.checkpoint_buffer, "%s.checkpoint", r.output);
        r.checkpoint = r.checkpoint_buffer;
    }
    const enum glb_status s = prepare(&r, &c);
    for (int i = 0; i < OUTPUTS && s; i++)
        if (made[i][0])
            rmdir(made[i]);
    const int exit_status = s ? cli_fail() : training_run(&r);
    training_close(&r);
    return exit_status;
}
