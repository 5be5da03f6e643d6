namespace Rlef.Rewards;

/// <summary>Which of RLTF's feedbacks are paid.</summary>
[Flags]
public enum RltfFeedback { Coarse = 1, Fine = 2, Adaptive = 4, All = Coarse | Fine | Adaptive }
