namespace LLMOS.Silo.Tests.Storage;

[GenerateSerializer, Alias("llmos.tests.note")]
public sealed class Note
{
    [Id(0)] public string Text { get; set; } = "";

    [Id(1)] public List<int> Pages { get; set; } = [];
}
