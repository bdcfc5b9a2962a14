namespace LLMOS.Client.Tests;

public sealed class GatewayAddressTests
{
    [Theory]
    [InlineData("localhost:30001", "localhost", 30001)]
    [InlineData("localhost", "localhost", 30000)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    [InlineData("[::1]", "::1", 30000)]
    public void An_address_is_read(string text, string host, int port) =>
        Assert.Equal(new GatewayAddress(host, port), GatewayAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":30000")]
    [InlineData("localhost:")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:-1")]
    [InlineData("localhost:http")]
    [InlineData("two words:3")]
    public void What_is_no_address_gets_a_sentence(string text) =>
        Assert.Equal(
            $"'{text}' is no address of a silo: use HOST:PORT, such as localhost:30000.",
            Assert.Throws<LlmosException>(() => GatewayAddress.Parse(text)).Message);
}
