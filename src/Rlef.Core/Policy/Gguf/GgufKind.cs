namespace Rlef.Policy;

/// <summary>Kinds of a GGUF file's named values, by the format's numbers.</summary>
enum GgufKind : uint { UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32, Bool, Text, Array, UInt64, Int64, Float64 }
