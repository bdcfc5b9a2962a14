namespace LLMOS.Silo.Models;

/// <summary>A model that a server elsewhere runs.</summary>
internal sealed record RemoteEngineSource(string Name, RemoteModelOptions Options) : EngineSource("remote:" + Name);
