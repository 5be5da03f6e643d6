using Rlef.Randomness;

namespace Rlef.Policy;

/// <summary>A response to be drawn.</summary>
/// <param name="Prompt">At least one token; with the sampling's longest response it must fit a row of the decoder.</param>
/// <param name="Random">The response's own stream, so that what is drawn depends on no other response.</param>
/// <param name="Ends">Whether a token ends the response.</param>
/// <param name="Alternatives">How many of the most likely tokens are told beside each drawn one.</param>
public sealed record GenerationRequest(ReadOnlyMemory<int> Prompt, Sampling Sampling, RandomStream Random, Func<int, bool> Ends, int Alternatives = 0);
