using System.Text;
using System.Text.Json;
using CsCheck;

namespace SmimeOperator.Intune.Tests.Snapshot;

public sealed class CertificatePageParserTests
{
    private static readonly Gen<ImportedCertificate> Certificate =
        Gen.Select(Gen.String[1, 40], Gen.String, Gen.String[0, 400], Gen.DateTimeOffset, Gen.DateTimeOffset, Gen.String.Null(), Gen.String.Null())
            .Select((id, upn, thumb, start, end, provider, key) => new ImportedCertificate(
                Clean(id), Clean(upn), Clean(thumb), "smimeSigning", start, end, Clean(provider), Clean(key), "oaepSha512"));

    [Fact]
    public Task What_is_written_is_read_whatever_the_size_of_the_pieces() =>
        Gen.Select(Certificate.Array[0, 12], Gen.Int[16, 300], Gen.Bool, Gen.Bool).SampleAsync(async (written, buffer, indented, linkFirst) =>
        {
            var page = Page(written, indented, linkFirst);
            var read = new List<ImportedCertificate>();
            using var stream = new Trickle(page);
            var link = await CertificatePageParser.ReadAsync(stream, new StringPool(), read.Add, TestContext.Current.CancellationToken, buffer);
            link.ShouldBe("https://next/?$skiptoken=1");
            read.ShouldBe(written);
        }, iter: 300);

    [Fact]
    public Task Half_a_page_is_never_taken_for_a_page() =>
        Gen.Select(Certificate.Array[1, 3], Gen.Double[0, 0.999]).SampleAsync(async (written, share) =>
        {
            var page = Page(written, false, true);
            using var stream = new MemoryStream(page, 0, (int)(page.Length * share));
            await Should.ThrowAsync<JsonException>(async () => await CertificatePageParser.ReadAsync(stream, new StringPool(), _ => { }, TestContext.Current.CancellationToken));
        }, iter: 200);

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"error":{"code":"x","value":[]}}""")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":[{"thumbprint":"a"}]}""")]
    public async Task What_is_no_page_is_refused(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await Should.ThrowAsync<JsonException>(async () => await CertificatePageParser.ReadAsync(stream, new StringPool(), _ => { }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nested_and_unknown_members_are_passed_over()
    {
        const string Text = """
            {"@odata.context":"c","extra":{"value":[{"id":"not-me"}]},"value":[{"id":"a","more":{"id":"b","list":[{"id":"c"}]},"list":["x"],"keyName":null,"startDateTime":"2024-01-01T00:00:00.1234567Z"}],"tail":[1,2]}
            """;
        var read = new List<ImportedCertificate>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Text));
        (await CertificatePageParser.ReadAsync(stream, new StringPool(), read.Add, TestContext.Current.CancellationToken)).ShouldBeNull();
        read.Single().Id.ShouldBe("a");
        read.Single().StartDateTime.ShouldBe(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(1234567));
    }

    private static string Clean(string? text) => new([.. (text ?? "x").Select(c => char.IsSurrogate(c) ? '?' : c)]);

    internal static byte[] Page(ImportedCertificate[] certificates, bool indented, bool linkFirst)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented }))
        {
            writer.WriteStartObject();
            if (linkFirst)
            {
                writer.WriteString("@odata.nextLink", "https://next/?$skiptoken=1");
            }

            writer.WritePropertyName("value");
            JsonSerializer.Serialize(writer, certificates.Select(c => new
            {
                id = c.Id, thumbprint = c.Thumbprint, intendedPurpose = c.IntendedPurpose, userPrincipalName = c.UserPrincipalName,
                startDateTime = c.StartDateTime, expirationDateTime = c.ExpirationDateTime, providerName = c.ProviderName, keyName = c.KeyName,
                paddingScheme = c.PaddingScheme, encryptedPfxBlob = "AA==", number = 5, nothing = (string?)null, flag = true,
            }));
            if (!linkFirst)
            {
                writer.WriteString("@odata.nextLink", "https://next/?$skiptoken=1");
            }

            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] data) : MemoryStream(data)
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + (_reads++ * 7 % 50))], cancellationToken);
    }
}
