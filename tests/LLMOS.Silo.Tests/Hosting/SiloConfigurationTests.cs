using LLMOS.Silo.Models;

namespace LLMOS.Silo.Tests.Hosting;

public sealed class SiloConfigurationTests
{
    [Fact]
    public void The_command_line_goes_before_the_file_of_the_data_folder()
    {
        using var data = new TempFolder();
        File.WriteAllText(data.File("llmos.json"), """
            {
              "SiloPort": 4001, "GatewayPort": 4002, "HttpPort": "none", "Devices": "CPU:4G", "Context": 2048,
              "Models": {
                "Default": "far", "KeepAlive": "30s", "KeepAlives": { "far": "-1" }, "Adapters": { "plain": "/a.gguf", "based": { "Path": "/b.gguf", "Base": "nano" } }, "Policy": "plas",
                "HostCells": 1000, "DiskCells": 2000, "SpillFolder": "/tmp/kv", "Quantum": 16, "AgingSteps": 50,
                "Local": { "mine": "~/mine.gguf" },
                "Folders": [ "/models" ],
                "Remote": { "far": { "Endpoint": "http://localhost:11434/v1", "Model": "llama3", "ApiKeyVariable": "FAR_KEY", "Timeout": "2.5" } }
              }
            }
            """);

        var options = Read("--data", data.Path, "--silo-port", "5001", "--threads=2");

        Assert.Equal((5001, 4002, null, 2), (options.SiloPort, options.GatewayPort, options.HttpPort, options.Models.Threads));
        Assert.Equal(new DeviceDefinition { Name = "CPU", Backend = "CPU", MemoryBytes = 4L << 30 }, Assert.Single(options.Devices.Listed));
        Assert.Equal(("far", 2048, TimeSpan.FromSeconds(30)), (options.Models.Default, options.Models.ContextCells, options.Models.KeepAlive));
        Assert.Equal("plas", options.Models.Policy);
        Assert.Equal((1000, 2000, Path.GetFullPath("/tmp/kv"), 16, 50),
            (options.Models.HostCells, options.Models.DiskCells, options.Models.SpillFolder, options.Models.Quantum, options.Models.AgingSteps));
        Assert.Equal(KeepAlive.Forever, options.Models.KeepAlives["FAR"]);
        Assert.Equal(new AdapterOptions { Path = "/a.gguf" }, options.Models.Adapters["plain"]);
        Assert.Equal(new AdapterOptions { Path = "/b.gguf", Base = "nano" }, options.Models.Adapters["BASED"]);
        Assert.Equal("~/mine.gguf", options.Models.Local["MINE"]);
        Assert.Equal(["/models"], options.Models.Folders);
        Assert.Equal(
            new RemoteModelOptions
            {
                Endpoint = new Uri("http://localhost:11434/v1"),
                Model = "llama3",
                ApiKeyVariable = "FAR_KEY",
                Timeout = TimeSpan.FromSeconds(2.5),
            },
            options.Models.Remote["far"]);
    }

    [Theory]
    [InlineData("'--nonsense'", "--nonsense", "1")]
    [InlineData("--silo-port wants a value", "--silo-port")]
    [InlineData("SiloPort is 'abc', which is no port", "--silo-port", "abc")]
    [InlineData("SiloPort is '65536', which is no port", "--silo-port", "65536")]
    [InlineData("GatewayPort is '-1', which is no port", "--gateway-port", "-1")]
    [InlineData("HttpHost is 'nowhere', which is no address", "--http-host", "nowhere")]
    [InlineData("'gpu?' is no role", "--roles", "kernel,gpu?")]
    [InlineData("Join is '127.0.0.1', which is no address with a port", "--join", "127.0.0.1")]
    [InlineData("Context is 'much', which is no count", "--context", "much")]
    [InlineData("KvLayout is 'mine': use unified", "--kv-layout", "mine")]
    [InlineData("Sequences is 257: use 1 to 256 sequences.", "--sequences", "257")]
    [InlineData("Sequences is 0: use 1 to 256 sequences.", "--sequences", "0")]
    [InlineData("is no size", "--devices", "CPU:huge")]
    [InlineData("OtlpEndpoint is 'collector', which is no http address", "--otlp", "collector")]
    [InlineData("LogFormat is 'xml': use text", "--log-format", "xml")]
    public void What_is_wrong_is_named_in_a_sentence(string sentence, params string[] arguments)
    {
        var exception = Assert.Throws<LlmosException>(() => Read(arguments));
        Assert.Equal(LlmosErrorCode.InvalidArgument, exception.Code);
        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HostCells", "-1", "Models:HostCells is '-1', which is no count: use a whole number from 0 up.")]
    [InlineData("DiskCells", "4G", "Models:DiskCells is '4G', which is no count: use a whole number from 0 up.")]
    [InlineData("Quantum", "0", "Models:Quantum is 0: use a whole number from 1 up.")]
    [InlineData("AgingSteps", "x", "Models:AgingSteps is 'x', which is no count: use a whole number from 0 up.")]
    [InlineData("SpillFolder", "", "Models:SpillFolder is '', which names nothing: name a folder, or leave the option out.")]
    public void An_option_of_engines_that_is_wrong_is_named_in_a_sentence(string name, string value, string sentence)
    {
        using var data = new TempFolder();
        File.WriteAllText(data.File("llmos.json"), $$"""{ "Models": { "{{name}}": "{{value}}" } }""");
        Assert.Equal(sentence, Assert.Throws<LlmosException>(() => Read("--data", data.Path)).Message);
    }

    [Theory]
    [InlineData("{ nonsense")]
    [InlineData("""{ "Models": { "Remote": { "far": { "Endpoint": "localhost" } } } }""")]
    [InlineData("""{ "Models": { "KeepAlive": "soon" } }""")]
    [InlineData("""{ "Models": { "KeepAlives": { "big": "long" } } }""")]
    [InlineData("""{ "Models": { "Adapters": { "pirate": { "Base": "nano" } } } }""")]
    public void A_file_that_is_wrong_is_named_in_a_sentence(string json)
    {
        using var data = new TempFolder();
        File.WriteAllText(data.File("llmos.json"), json);
        var exception = Assert.Throws<LlmosException>(() => Read("--data", data.Path));
        Assert.Equal(LlmosErrorCode.InvalidArgument, exception.Code);
        Assert.Contains(["llmos.json", "Models:Remote:far:Endpoint", "Models:KeepAlive", "Models:Adapters:pirate"], part => exception.Message.Contains(part, StringComparison.Ordinal));
    }

    private static LlmosSiloOptions Read(params string[] arguments)
    {
        var options = new LlmosSiloOptions();
        SiloConfiguration.Apply(SiloConfiguration.Load(SiloCommandLine.Parse(arguments)), options);
        return options;
    }
}
