/* The policy's decode loop as one would write it in plain C on a BLAS: the yardstick of the decode benchmark.
 *
 * Arguments: hidden, intermediate, layers, heads, key-value heads, vocabulary, 1 if the head is the embedding, rows, prompt, generated. Each line of input is
 * a number of threads to run one round with, answered by its milliseconds.
 */
#define _GNU_SOURCE
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RowMajor = 101, NoTrans = 111, Trans = 112 };
void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
void openblas_set_num_threads(int n);

static int d, ff, layers, heads, groups, vocab, tied, rows, prompt, generated, size, length;
static float *embedding, *head, *final_norm, *cosines, *sines;
struct layer { float *n1, *q, *k, *v, *o, *n2, *gate, *up, *down, *keys, *values; } *stack;

static float *floats(long n) { return aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64); }

static float *filled(long n, float scale) {
  float *w = floats(n);
  for (long i = 0; i < n; i++) w[i] = scale == 1 ? 1 : ((float)rand() / RAND_MAX - 0.5f) * scale;
  return w;
}

/* y [rows, out] = x [rows, in] * w [out, in]^T, or y += */
static void linear(float *y, const float *x, const float *w, int out, int in, float beta) {
  cblas_sgemm(RowMajor, NoTrans, Trans, rows, out, in, 1, x, in, w, in, beta, y, out);
}

static void norm(float *y, const float *x, const float *w) {
#pragma omp parallel for
  for (int r = 0; r < rows; r++) {
    float sum = 0;
    for (int i = 0; i < d; i++) sum += x[r * d + i] * x[r * d + i];
    float scale = 1 / sqrtf(sum / d + 1e-5f);
    for (int i = 0; i < d; i++) y[r * d + i] = x[r * d + i] * scale * w[i];
  }
}

static void rotate(float *x, int position) {
  const float *c = cosines + position * (size / 2), *s = sines + position * (size / 2);
  for (int i = 0; i < size / 2; i++) {
    float a = x[i], b = x[i + size / 2];
    x[i] = a * c[i] - b * s[i];
    x[i + size / 2] = b * c[i] + a * s[i];
  }
}

static void attend(struct layer *l, float *q, float *k, float *v, float *out, float *scores, int position) {
#pragma omp parallel for
  for (int r = 0; r < rows; r++) {
    float *a = scores + (long)r * length;
    for (int g = 0; g < groups; g++) {
      float *keys = l->keys + ((long)r * groups + g) * length * size, *values = l->values + ((long)r * groups + g) * length * size;
      rotate(k + (r * groups + g) * size, position);
      memcpy(keys + position * size, k + (r * groups + g) * size, size * sizeof(float));
      memcpy(values + position * size, v + (r * groups + g) * size, size * sizeof(float));
      for (int h = g * (heads / groups); h < (g + 1) * (heads / groups); h++) {
        float *query = q + (r * heads + h) * size, *mixed = out + (r * heads + h) * size, max = -INFINITY, sum = 0;
        rotate(query, position);
        for (int t = 0; t <= position; t++) {
          float dot = 0;
          for (int i = 0; i < size; i++) dot += query[i] * keys[t * size + i];
          a[t] = dot / sqrtf(size);
          max = a[t] > max ? a[t] : max;
        }
        for (int t = 0; t <= position; t++) sum += a[t] = expf(a[t] - max);
        memset(mixed, 0, size * sizeof(float));
        for (int t = 0; t <= position; t++)
          for (int i = 0; i < size; i++) mixed[i] += a[t] / sum * values[t * size + i];
      }
    }
  }
}

static double milliseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

int main(int argc, char **argv) {
  int *numbers[] = {&d, &ff, &layers, &heads, &groups, &vocab, &tied, &rows, &prompt, &generated};
  if (argc != 11) return 2;
  for (int i = 0; i < 10; i++) *numbers[i] = atoi(argv[i + 1]);
  size = d / heads;
  length = prompt + generated;
  int kv = groups * size;
  embedding = filled((long)vocab * d, 0.04f);
  head = tied ? embedding : filled((long)vocab * d, 0.04f);
  final_norm = filled(d, 1);
  stack = calloc(layers, sizeof *stack);
  for (int i = 0; i < layers; i++)
    stack[i] = (struct layer){filled(d, 1), filled((long)d * d, 0.04f), filled((long)kv * d, 0.04f), filled((long)kv * d, 0.04f), filled((long)d * d, 0.04f), filled(d, 1),
      filled((long)ff * d, 0.04f), filled((long)ff * d, 0.04f), filled((long)d * ff, 0.04f), floats((long)rows * kv * length), floats((long)rows * kv * length)};
  cosines = floats((long)length * size / 2);
  sines = floats((long)length * size / 2);
  for (int p = 0; p < length; p++)
    for (int i = 0; i < size / 2; i++) {
      double angle = p * pow(10000, -2.0 * i / size);
      cosines[p * (size / 2) + i] = cos(angle);
      sines[p * (size / 2) + i] = sin(angle);
    }
  float *x = floats(rows * d), *h = floats(rows * d), *q = floats(rows * d), *k = floats(rows * kv), *v = floats(rows * kv), *mixed = floats(rows * d),
        *gate = floats(rows * ff), *up = floats(rows * ff), *logits = floats((long)rows * vocab), *scores = floats((long)rows * length);
  int *ids = malloc(rows * sizeof *ids), threads;
  while (scanf("%d", &threads) == 1) {
    omp_set_num_threads(threads);
    openblas_set_num_threads(threads);
    double began = 0;
    for (int position = 0; position < length; position++) {
      if (position == prompt) began = milliseconds();
#pragma omp parallel for
      for (int r = 0; r < rows; r++) {
        ids[r] = (r + position) % vocab;
        if (position >= prompt) {
          ids[r] = 0;
          for (int i = 1; i < vocab; i++)
            if (logits[(long)r * vocab + i] > logits[(long)r * vocab + ids[r]]) ids[r] = i;
        }
        memcpy(x + r * d, embedding + (long)ids[r] * d, d * sizeof(float));
      }
      for (int i = 0; i < layers; i++) {
        struct layer *l = &stack[i];
        norm(h, x, l->n1);
        linear(q, h, l->q, d, d, 0);
        linear(k, h, l->k, kv, d, 0);
        linear(v, h, l->v, kv, d, 0);
        attend(l, q, k, v, mixed, scores, position);
        linear(x, mixed, l->o, d, d, 1);
        norm(h, x, l->n2);
        linear(gate, h, l->gate, ff, d, 0);
        linear(up, h, l->up, ff, d, 0);
#pragma omp parallel for
        for (int j = 0; j < rows * ff; j++) gate[j] = gate[j] / (1 + expf(-gate[j])) * up[j];
        linear(x, gate, l->down, d, ff, 1);
      }
      norm(h, x, final_norm);
      linear(logits, h, head, vocab, d, 0);
    }
    printf("%f\n", milliseconds() - began);
    fflush(stdout);
  }
}
