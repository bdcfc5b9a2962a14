using LLMOS.Silo.Telemetry;

namespace LLMOS.Silo.Tests.Telemetry;

/// <summary>What OpenTelemetry's variables and the silo's options say of where telemetry goes.</summary>
public sealed class OtlpSettingsTests
{
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, true, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317")]
    [InlineData(true, false, false, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:4318/v1/traces")]
    [InlineData(false, true, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "OTEL_TRACES_EXPORTER=none")]
    [InlineData(false, false, false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "OTEL_SDK_DISABLED=TRUE")]
    [InlineData(false, false, false, "OTEL_EXPORTER_OTLP_ENDPOINT=")]
    [InlineData(false, false, false, "OTEL_SERVICE_NAME=quiet")]
    public void The_standard_variables_say_which_signals_go_to_a_collector(bool traces, bool metrics, bool logs, params string[] environment)
    {
        var settings = OtlpSettings.Read(new LlmosSiloOptions(), Variables(environment));
        Assert.Equal((traces, metrics, logs), (settings?.Traces ?? false, settings?.Metrics ?? false, settings?.Logs ?? false));
        Assert.Equal(traces || metrics || logs, settings is not null);
    }

    [Fact]
    public void An_option_goes_before_its_variable()
    {
        var options = new LlmosSiloOptions { OtlpEndpoint = new Uri("http://127.0.0.1:9999"), OtlpProtocol = "http/protobuf" };
        var settings = OtlpSettings.Read(options, Variables("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "HOME=/"))!;
        Assert.Equal(("http://127.0.0.1:9999/", "http/protobuf"), (settings.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"], settings.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"]));
        Assert.DoesNotContain("HOME", settings.Variables.Keys);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT is 'collector:4317', which is no http address", "OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT is '/logs', which is no http address", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=/logs")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL is 'http/json': use grpc", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=http/json")]
    public void What_is_wrong_is_named_in_a_sentence(string sentence, params string[] environment)
    {
        var exception = Assert.Throws<LlmosException>(() => OtlpSettings.Read(new LlmosSiloOptions(), Variables(environment)));
        Assert.Equal(LlmosErrorCode.InvalidArgument, exception.Code);
        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, string>> Variables(params string[] variables) => variables.Select(variable => variable.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
}
