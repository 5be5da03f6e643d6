namespace Rlef.Rewards;

/// <summary>The four classes that CodeRL and RLTF reward (RLTF section 3.3).</summary>
public enum Outcome { SyntaxError, Error, Failure, Pass }
