namespace Rlef.Policy;

/// <summary>Types in which weights are written: 32 bits, 16, the upper 16, or 8 with a scale for every 32 neighbours (only in GGUF files).</summary>
public enum StoredType { F32, F16, BF16, Q8_0 }
