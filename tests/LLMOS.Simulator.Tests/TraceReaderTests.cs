using LLMOS.Simulator.Traces;

namespace LLMOS.Simulator.Tests;

public sealed class TraceReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmos-traces-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Csv_and_json_lines_say_the_same()
    {
        var csv = TraceReader.Read(Write("a.csv", """
            arrival,priority,tree,prompt,prefix,prefixTokens,output
            0,10,build,300,system,100,50
            0.5,REALTIME,chat,40,,,20
            2,19,build,10,system,5,1

            3,idle,,10,,,1
            """));
        var json = TraceReader.Read(Write("a.jsonl", """
            {"arrival":0,"priority":10,"tree":"build","prompt":300,"prefix":"system","prefixTokens":100,"output":50}
            {"arrival":0.5,"priority":"realtime","tree":"chat","prompt":40,"output":20}
            {"arrival":2,"priority":19,"tree":"build","prompt":10,"prefix":"system","prefixTokens":5,"output":1}
            {"arrival":3,"priority":"IDLE","tree":null,"prompt":10,"output":1}
            """));
        Assert.Equal(csv.Requests, json.Requests);
        Assert.Equal(
            [
                new TraceRequest(0, 10, 0, 300, 0, 100, 50),
                new TraceRequest(0.5, 2, 1, 40, TraceRequest.NoPrefix, 0, 20),
                new TraceRequest(2, 19, 0, 10, 0, 5, 1),
                new TraceRequest(3, 18, 2, 10, TraceRequest.NoPrefix, 0, 1),
            ],
            csv.Requests);
        Assert.Equal(3, csv.Trees);
    }

    [Theory]
    [InlineData("arrival,prompt,output\n0,10,5\n1,ten,5", 3, "prompt is 'ten'")]
    [InlineData("arrival,prompt,output\n0,10,0", 2, "output is '0'")]
    [InlineData("arrival,prompt,output\n-1,10,5", 2, "arrival is '-1'")]
    [InlineData("arrival,prompt,output\n5,10,5\n4,10,5", 3, "arrival is 4, before the 5")]
    [InlineData("arrival,prompt,output\n5,10", 2, "'5,10' has 2 values")]
    [InlineData("arrival,prompt,output\n5,,5", 2, "prompt has no value")]
    [InlineData("arrival,prompt\n5,10", 1, "the column output is missing")]
    [InlineData("arrival,prompt,output,colour\n5,10,1,red", 1, "there is no column 'colour'")]
    [InlineData("arrival,prompt,output,priority\n5,10,1,20", 2, "priority is '20'")]
    [InlineData("arrival,prompt,output,priority\n5,10,1,urgent", 2, "priority is 'urgent'")]
    [InlineData("arrival,prompt,output,prefix,prefixTokens\n5,10,1,p,10", 2, "prefixTokens is 10")]
    [InlineData("arrival,prompt,output,prefix,prefixTokens\n5,10,1,,5", 2, "prefixTokens is 5, but there is no prefix")]
    public void A_wrong_line_is_refused_with_file_line_and_value(string text, int line, string what)
    {
        var path = Write("wrong.csv", text);
        var exception = Assert.Throws<SimulatorException>(() => TraceReader.Read(path));
        Assert.StartsWith($"{path}, line {line}: {what}", exception.Message);
    }

    [Theory]
    [InlineData("{\"arrival\":0,\"prompt\":5,\"output\":1}\nnonsense", 2, "'nonsense' is no JSON")]
    [InlineData("[1]", 1, "'[1]' is no JSON object")]
    [InlineData("{\"arrival\":0,\"prompt\":5,\"outptu\":1}", 1, "there is no field 'outptu'")]
    [InlineData("{\"arrival\":0,\"prompt\":5.5,\"output\":1}", 1, "prompt is '5.5'")]
    public void A_wrong_json_line_too(string text, int line, string what)
    {
        var path = Write("wrong.jsonl", text);
        var exception = Assert.Throws<SimulatorException>(() => TraceReader.Read(path));
        Assert.StartsWith($"{path}, line {line}: {what}", exception.Message);
    }

    [Fact]
    public void A_file_without_requests_and_one_that_is_not_there_are_refused()
    {
        Assert.Contains("has no requests", Assert.Throws<SimulatorException>(() => TraceReader.Read(Write("empty.csv", "arrival,prompt,output\n"))).Message);
        Assert.Contains("cannot be read", Assert.Throws<SimulatorException>(() => TraceReader.Read(Path.Combine(_folder, "none.csv"))).Message);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
