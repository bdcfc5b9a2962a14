namespace LLMOS.Silo.Models;

/// <summary>A model that a server elsewhere runs.</summary>
internal sealed record RemoteModelSource(string Name, RemoteModelOptions Options) : ModelSource("remote:" + Name);
