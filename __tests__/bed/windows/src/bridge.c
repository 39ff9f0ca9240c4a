/*
 * A program for Windows that is none itself: it hands its name, arguments, variables and standard input to a server of the
 * tests on loopback, which runs the program of that name on Linux, and gives back what that prints and how it ends.
 * As hold.exe it opens the file that its argument names, shares it with nobody, and so keeps it until it ends.
 * The server's port stands in the file bridge-port in the program's folder.
 *
 * Request: strings, then an empty mark. A string is its length as 4 bytes, little-endian, and its bytes in UTF-8:
 * name, folder, number of arguments, arguments, number of variables, variables, standard input.
 * Answer: frames of one byte ('1' standard output, '2' standard error, 'x' exit code), a length, and bytes.
 */
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static SOCKET server;

static void fail(const char *what) {
  fprintf(stderr, "bridge: %s (%d)\n", what, WSAGetLastError());
  exit(126);
}

static void put(const char *data, int length) {
  while (length > 0) {
    int sent = send(server, data, length, 0);
    if (sent <= 0) fail("the server has gone");
    data += sent;
    length -= sent;
  }
}

static void put_bytes(const char *data, unsigned length) {
  put((const char *)&length, 4);
  put(data, (int)length);
}

static void put_text(const wchar_t *text) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *utf8 = malloc(size);
  WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, size, NULL, NULL);
  put_bytes(utf8, size - 1);
  free(utf8);
}

static void put_number(unsigned number) {
  char text[16];
  put_bytes(text, sprintf(text, "%u", number));
}

static void put_input(void) {
  HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
  DWORD type = GetFileType(in);
  char *data = NULL;
  unsigned size = 0;
  if (type == FILE_TYPE_PIPE || type == FILE_TYPE_DISK) {
    char part[65536];
    DWORD got;
    while (ReadFile(in, part, sizeof part, &got, NULL) && got > 0) {
      data = realloc(data, size + got);
      memcpy(data + size, part, got);
      size += got;
    }
  }
  put_bytes(data, size);
}

static int take(char *data, unsigned length) {
  while (length > 0) {
    int got = recv(server, data, (int)length, 0);
    if (got <= 0) return 0;
    data += got;
    length -= got;
  }
  return 1;
}

static void show(DWORD stream, const char *data, unsigned length) {
  HANDLE out = GetStdHandle(stream);
  while (length > 0) {
    DWORD written;
    if (!WriteFile(out, data, length, &written, NULL)) return;
    data += written;
    length -= written;
  }
}

static unsigned short port_of(wchar_t *path) {
  wchar_t place[MAX_PATH + 16];
  wcscpy(place, path);
  wcscpy(wcsrchr(place, L'\\') + 1, L"bridge-port");
  FILE *file = _wfopen(place, L"r");
  unsigned port = 0;
  if (file == NULL || fscanf(file, "%u", &port) != 1) fail("no port");
  fclose(file);
  return (unsigned short)port;
}

int wmain(int argc, wchar_t **argv, wchar_t **envp) {
  WSADATA sockets;
  wchar_t path[MAX_PATH + 1], folder[32768];
  GetModuleFileNameW(NULL, path, MAX_PATH);
  if (_wcsicmp(wcsrchr(path, L'\\') + 1, L"hold.exe") == 0) {
    HANDLE file = CreateFileW(argv[1], GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 1;
  }
  WSAStartup(MAKEWORD(2, 2), &sockets);
  server = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {0};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_of(path));
  if (connect(server, (struct sockaddr *)&address, sizeof address) != 0) fail("cannot connect");
  put_text(wcsrchr(path, L'\\') + 1);
  GetCurrentDirectoryW(32768, folder);
  put_text(folder);
  put_number(argc - 1);
  for (int i = 1; i < argc; i++) put_text(argv[i]);
  int count = 0;
  while (envp[count] != NULL) count++;
  put_number(count);
  for (int i = 0; i < count; i++) put_text(envp[i]);
  put_input();
  for (;;) {
    char head[5];
    if (!take(head, 5)) fail("the server has ended early");
    unsigned length;
    memcpy(&length, head + 1, 4);
    char *data = malloc(length + 1);
    if (!take(data, length)) fail("the server has ended early");
    data[length] = 0;
    if (head[0] == 'x') return atoi(data);
    show(head[0] == '1' ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE, data, length);
    free(data);
  }
}
