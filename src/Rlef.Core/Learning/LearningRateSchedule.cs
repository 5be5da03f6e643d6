namespace Rlef.Learning;

/// <summary>How the learning rate goes on after its warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays, as in RLEF's training.</summary>
    Constant,
    /// <summary>It falls in a straight line.</summary>
    Linear,
    /// <summary>It falls along half a cosine (Loshchilov and Hutter 2017), as in RLEF's supervised baseline.</summary>
    Cosine,
}
