namespace LLMOS.Agents;

/// <summary>What is stored of the directory of runs.</summary>
[GenerateSerializer, Alias("llmos.agent-group-directory-record")]
public sealed class AgentGroupDirectoryRecord
{
    [Id(0)] public List<string> Runs { get; set; } = [];

    [Id(1)] public HashSet<string> Unfinished { get; set; } = [];
}
