namespace Rlef.Randomness;

/// <summary>What a run's random streams are for. The numbers are part of their keys.</summary>
enum Draw
{
    Problems = 0,
    Rollouts = 1,
    Minibatches = 2,
    Experience = 3,
    Transcripts = 4,
    References = 5,
}
