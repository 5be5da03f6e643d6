using System.Text.Json.Serialization;
using Rlef.Randomness;
using Rlef.Storage;

namespace Rlef.Experience;

/// <summary>Which episodes an update learns from.</summary>
[Arm("on-policy", typeof(OnPolicy))]
[Arm("fifo", typeof(FifoBuffer))]
[Arm("offline", typeof(OfflineExperience))]
[JsonConverter(typeof(Arm<IExperience>))]
public interface IExperience
{
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    void Check()
    {
    }

    /// <summary>Episodes that the whole run plays; null where each update plays its own.</summary>
    int? Played => null;

    /// <summary>Episodes that an update learns from; null for all that it plays.</summary>
    int? Learned => null;

    /// <summary>Rounds that a run plays before its first update learns, of so many episodes each; every other update plays one.</summary>
    int FirstRounds(int episodes) => 1;

    /// <summary>Whether rollouts are collected (once more) before this update learns.</summary>
    /// <param name="rounds">How often it was done in this update.</param>
    bool WantsMore(RunMemory memory, int rounds);

    /// <summary>Keeps what shall be kept of the episodes of one round.</summary>
    void Remember(RunMemory memory, IReadOnlyList<TrainingSequence> fresh);

    /// <summary>What an update learns from.</summary>
    /// <param name="fresh">All that was played in this update.</param>
    IReadOnlyList<TrainingSequence> Recall(RunMemory memory, IReadOnlyList<TrainingSequence> fresh, RandomStream random);
}
