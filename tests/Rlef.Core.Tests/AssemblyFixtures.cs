[assembly: AssemblyFixture(typeof(Rlef.Core.Tests.Sandboxes))]
