/*
 * A disk that loses its power, for LD_PRELOAD. SIGKILL leaves the page cache to the kernel, so a process that says "it is
 * on disk" too early is never caught by it. This library keeps a second picture of a folder beside it: what a disk
 * would hold if nothing but what was synced had reached it. Once the process is gone, disk.ts puts the folder back as
 * that picture has it.
 *
 *   a file's content  is what it was at its last fsync or fdatasync, and what was written through O_DSYNC or O_SYNC
 *   a folder's names  are what they were at its last fsync: POSIX promises a new, renamed or removed name no earlier
 *
 * The picture: data/<inode> holds contents, names/<inode> a line `<inode> <d|f> <name>` for each name. disk.ts makes it
 * before the process starts. An inode whose name is taken away stays held, so that its number names nobody else.
 *
 * Not seen: writes through a shared mapping (they never survive), sync_file_range (its manual page promises nothing),
 * io_uring (off with UV_USE_IO_URING=0), copy_file_range and sendfile.
 *
 *   POWER_FOLDER       the folder, as realpath gives it
 *   POWER_DISK         the picture's folder
 *   POWER_SYNC_MS      how long a sync takes before it has an effect; 0 by default
 *   POWER_WRITE_MS     the same for a write through O_DSYNC or O_SYNC
 *   POWER_CUT_AT_SYNC  the sync that never has one: the process is killed instead, when it has lasted its time
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096
#define BUCKETS 4096

/* A file that was written: what of it the disk does not have yet. */
struct file {
  dev_t device;
  ino_t inode;
  int reader;             /* never closed: closing any descriptor of a file gives back the process's locks on it */
  int whole;              /* cut or lengthened: everything is to be written */
  unsigned char *pages;   /* one byte a page: written since the last sync */
  size_t known;
  struct file *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct file *files[BUCKETS];
static const char *folder, *disk;
static size_t folder_length;
static long sync_ms, write_ms, cut_at, syncs;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_truncate)(const char *, off_t);
static int (*real_fallocate)(int, int, off_t, off_t);
static int (*real_posix_fallocate)(int, off_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_remove)(const char *);
static int (*real_rmdir)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_renameat)(int, const char *, int, const char *);

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

static void begin(void) {
#define REAL(name) real_##name = dlsym(RTLD_NEXT, #name)
  REAL(open), REAL(openat), REAL(write), REAL(writev), REAL(pwrite), REAL(pwritev), REAL(ftruncate), REAL(truncate);
  REAL(fallocate), REAL(posix_fallocate), REAL(fsync), REAL(fdatasync), REAL(unlink), REAL(unlinkat), REAL(remove);
  REAL(rmdir), REAL(rename), REAL(renameat);
  folder = getenv("POWER_FOLDER");
  disk = getenv("POWER_DISK");
  folder_length = folder ? strlen(folder) : 0;
  sync_ms = number("POWER_SYNC_MS");
  write_ms = number("POWER_WRITE_MS");
  cut_at = number("POWER_CUT_AT_SYNC");
}

static void ready(void) { pthread_once(&once, begin); }

/* A picture that is wrong would blame the program under test: better none at all. */
static void broken(const char *what) {
  dprintf(2, "powercut: %s: %s\n", what, strerror(errno));
  _exit(97);
}

/* Whether a descriptor is of something in the folder; its device, inode and kind on the way. */
static int in_folder(int fd, struct stat *status) {
  if (!folder || !disk || fstat(fd, status) != 0) return 0;
  if (!S_ISREG(status->st_mode) && !S_ISDIR(status->st_mode)) return 0;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < (ssize_t)folder_length || strncmp(path, folder, folder_length) != 0) return 0;
  return (size_t)length == folder_length || path[folder_length] == '/';
}

static struct file *known(const struct stat *status) {
  struct file *file = files[status->st_ino % BUCKETS];
  while (file && (file->inode != status->st_ino || file->device != status->st_dev)) file = file->next;
  return file;
}

/* The file behind a descriptor, undefined outside the folder. Call with the lock. */
static struct file *file_of(int fd) {
  struct stat status;
  if (!folder || !disk || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return NULL;
  struct file *file = known(&status);
  if (file || !in_folder(fd, &status)) return file;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  file = calloc(1, sizeof *file);
  if (!file) broken("calloc");
  file->device = status.st_dev;
  file->inode = status.st_ino;
  file->reader = real_open(link, O_RDONLY | O_CLOEXEC);
  if (file->reader < 0) broken("a second look at a written file");
  file->next = files[status.st_ino % BUCKETS];
  files[status.st_ino % BUCKETS] = file;
  return file;
}

static void place(char *path, const char *kind, ino_t inode, const char *ending) {
  snprintf(path, PATH_MAX, "%s/%s/%llu%s", disk, kind, (unsigned long long)inode, ending);
}

static int open_data(const struct file *file) {
  char path[PATH_MAX];
  place(path, "data", file->inode, "");
  int out = real_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (out < 0) broken(path);
  return out;
}

/* Brings [from, to) as it is now to the disk. */
static void keep(const struct file *file, int out, off_t from, off_t to) {
  static char bytes[256 * 1024];
  while (from < to) {
    size_t wanted = to - from < (off_t)sizeof bytes ? (size_t)(to - from) : sizeof bytes;
    ssize_t got = pread(file->reader, bytes, wanted, from);
    if (got < 0) broken("reading what is to be synced");
    if (got == 0) return; /* it ends before */
    if (real_pwrite(out, bytes, got, from) != got) broken("writing what is to be synced");
    from += got;
  }
}

static void sync_file(struct file *file) {
  struct stat status;
  if (fstat(file->reader, &status) != 0) broken("fstat");
  int out = open_data(file);
  if (file->whole) keep(file, out, 0, status.st_size);
  for (size_t page = 0; page < file->known; page++) {
    size_t end = page;
    while (end < file->known && file->pages[end]) end++;
    if (end > page && !file->whole) keep(file, out, (off_t)page * PAGE, (off_t)end * PAGE);
    if (end > page) page = end;
  }
  if (real_ftruncate(out, status.st_size) != 0) broken("the size of what is to be synced");
  close(out);
  memset(file->pages, 0, file->known);
  file->whole = 0;
}

static void sync_names(int fd, ino_t inode) {
  char link[64], path[PATH_MAX], aside[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  place(path, "names", inode, "");
  place(aside, "names", inode, ".new");
  DIR *names = opendir(link);
  int out = real_open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (!names || out < 0) broken(aside);
  for (struct dirent *entry; (entry = readdir(names));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char kind = entry->d_type == DT_DIR ? 'd' : 'f';
    dprintf(out, "%llu %c %s\n", (unsigned long long)entry->d_ino, kind, entry->d_name);
  }
  closedir(names);
  close(out);
  if (real_rename(aside, path) != 0) broken(path);
}

/* Recorded after the write: a sync in another thread meanwhile must not take note of bytes that are not there yet. */
static void wrote(struct file *file, off_t from, off_t to) {
  size_t last = (size_t)((to - 1) / PAGE);
  if (last >= file->known) {
    size_t more = last + 1 + last / 2;
    file->pages = realloc(file->pages, more);
    if (!file->pages) broken("realloc");
    memset(file->pages + file->known, 0, more - file->known);
    file->known = more;
  }
  memset(file->pages + from / PAGE, 1, last - from / PAGE + 1);
}

/* What was written through O_DSYNC: everybody sees it at once, but the disk has it only when its time is over. */
static void wrote_synced(const struct file *file, off_t from, off_t to) {
  if (write_ms > 0) usleep(write_ms * 1000);
  pthread_mutex_lock(&lock);
  int out = open_data(file);
  keep(file, out, from, to);
  close(out);
  pthread_mutex_unlock(&lock);
}

static struct file *locked(int fd) {
  int before = errno;
  ready();
  pthread_mutex_lock(&lock);
  struct file *file = file_of(fd);
  if (!file) pthread_mutex_unlock(&lock);
  errno = before;
  return file;
}

static void unlocked(int before) {
  pthread_mutex_unlock(&lock);
  errno = before;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

#define WRITING(call, position)                                       \
  struct file *file = locked(fd);                                     \
  if (!file) return call;                                             \
  ssize_t done = call;                                                \
  int after = errno;                                                  \
  off_t from = position;                                              \
  if (done > 0) wrote(file, from, from + done);                       \
  pthread_mutex_unlock(&lock);                                        \
  if (done > 0 && fcntl(fd, F_GETFL) & O_DSYNC) wrote_synced(file, from, from + done); \
  errno = after;                                                      \
  return done

ssize_t write(int fd, const void *bytes, size_t length) {
  WRITING(real_write(fd, bytes, length), lseek(fd, 0, SEEK_CUR) - done);
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  WRITING(real_writev(fd, pieces, count), lseek(fd, 0, SEEK_CUR) - done);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  WRITING(real_pwrite(fd, bytes, length, at), at);
}

ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t at) {
  WRITING(real_pwritev(fd, pieces, count, at), at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return pwrite(fd, bytes, length, at); }

ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off64_t at) {
  return pwritev(fd, pieces, count, at);
}

/* --- changing a file's length ------------------------------------------------------------------------------------- */

#define RESIZING(call)            \
  struct file *file = locked(fd); \
  if (!file) return call;         \
  int failed = call;              \
  int after = errno;              \
  file->whole = 1;                \
  unlocked(after);                \
  return failed

int ftruncate(int fd, off_t length) { RESIZING(real_ftruncate(fd, length)); }
int ftruncate64(int fd, off64_t length) { RESIZING(real_ftruncate(fd, length)); }
int fallocate(int fd, int mode, off_t at, off_t length) { RESIZING(real_fallocate(fd, mode, at, length)); }
int fallocate64(int fd, int mode, off64_t at, off64_t length) { RESIZING(real_fallocate(fd, mode, at, length)); }
int posix_fallocate(int fd, off_t at, off_t length) { RESIZING(real_posix_fallocate(fd, at, length)); }
int posix_fallocate64(int fd, off64_t at, off64_t length) { RESIZING(real_posix_fallocate(fd, at, length)); }

static int opened(int fd, int flags) {
  if (fd < 0 || !(flags & O_TRUNC)) return fd;
  int after = errno;
  struct file *file = locked(fd);
  if (!file) return fd;
  file->whole = 1;
  unlocked(after);
  return fd;
}

int truncate(const char *path, off_t length) {
  ready();
  int fd = real_open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return real_truncate(path, length);
  int failed = ftruncate(fd, length);
  int after = errno;
  close(fd);
  errno = after;
  return failed;
}

int truncate64(const char *path, off64_t length) { return truncate(path, length); }

#define MODE(flags)                                 \
  mode_t mode = 0;                                  \
  if (flags & (O_CREAT | __O_TMPFILE)) {            \
    va_list rest;                                   \
    va_start(rest, flags);                          \
    mode = va_arg(rest, mode_t);                    \
    va_end(rest);                                   \
  }                                                 \
  ready()

int open(const char *path, int flags, ...) {
  MODE(flags);
  return opened(real_open(path, flags, mode), flags);
}

int open64(const char *path, int flags, ...) {
  MODE(flags);
  return opened(real_open(path, flags | O_LARGEFILE, mode), flags);
}

int openat(int at, const char *path, int flags, ...) {
  MODE(flags);
  return opened(real_openat(at, path, flags, mode), flags);
}

int openat64(int at, const char *path, int flags, ...) {
  MODE(flags);
  return opened(real_openat(at, path, flags | O_LARGEFILE, mode), flags);
}

int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

/* --- syncing ------------------------------------------------------------------------------------------------------ */

/* The disk is a picture here, so the true call is only made for what lies outside. */
static int synced(int fd, int (*real)(int)) {
  struct stat status;
  if (!in_folder(fd, &status)) return real(fd);
  int cut = __atomic_add_fetch(&syncs, 1, __ATOMIC_SEQ_CST) == cut_at;
  if (sync_ms > 0) usleep(sync_ms * 1000);
  if (cut) kill(getpid(), SIGKILL);
  pthread_mutex_lock(&lock);
  struct file *file = S_ISREG(status.st_mode) ? file_of(fd) : NULL;
  if (file) sync_file(file);
  else sync_names(fd, status.st_ino);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fsync(int fd) {
  ready();
  return synced(fd, real_fsync);
}

int fdatasync(int fd) {
  ready();
  return synced(fd, real_fdatasync);
}

/* --- taking a name away ------------------------------------------------------------------------------------------- */

/* Holds what a name stands for, for ever. Closing such a descriptor gives back no lock. */
static void hold(int at, const char *path) {
  int before = errno;
  struct stat status;
  ready();
  int fd = real_openat(at, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0 && !in_folder(fd, &status)) close(fd);
  errno = before;
}

int unlink(const char *path) {
  hold(AT_FDCWD, path);
  return real_unlink(path);
}

int unlinkat(int at, const char *path, int flags) {
  hold(at, path);
  return real_unlinkat(at, path, flags);
}

int remove(const char *path) {
  hold(AT_FDCWD, path);
  return real_remove(path);
}

int rmdir(const char *path) {
  hold(AT_FDCWD, path);
  return real_rmdir(path);
}

int rename(const char *from, const char *to) {
  hold(AT_FDCWD, to);
  return real_rename(from, to);
}

int renameat(int from_at, const char *from, int to_at, const char *to) {
  hold(to_at, to);
  return real_renameat(from_at, from, to_at, to);
}
