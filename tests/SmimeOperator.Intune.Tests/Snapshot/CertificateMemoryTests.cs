namespace SmimeOperator.Intune.Tests.Snapshot;

/// <summary>Measures the heap, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(CertificateMemoryTests), DisableParallelization = true)]
public sealed class AloneDefinition;

[Collection(nameof(CertificateMemoryTests))]
public sealed class CertificateMemoryTests
{
    [Fact]
    public async Task Ten_thousand_records_of_four_thousand_users_are_held_in_well_under_twenty_megabytes()
    {
        var certificates = Enumerable.Range(0, 10_000).Select(i => new ImportedCertificate(
            ImportedCertificate.IdOf(new Guid(i % 4000, 0, 0, new byte[8]).ToString(), i.ToString("x40", System.Globalization.CultureInfo.InvariantCulture)),
            $"user{i % 4000}@contoso.com",
            i.ToString("x40", System.Globalization.CultureInfo.InvariantCulture),
            "smimeEncryption",
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch,
            "Microsoft Software Key Storage Provider",
            "PFXEncryptionKey",
            "oaepSha512")).ToArray();
        var page = CertificatePageParserTests.Page(certificates, false, false);
        certificates = [];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var list = new Dictionary<string, ImportedCertificate>(StringComparer.OrdinalIgnoreCase);
        using (var stream = new MemoryStream(page))
        {
            await CertificatePageParser.ReadAsync(stream, new StringPool(), c => list[c.Id] = c, TestContext.Current.CancellationToken);
        }

        var store = new SnapshotStore(TimeSpan.Zero);
        store.ReadCertificates(list, TimeSpan.Zero);
        list = [];
        store.ReadWhole(DateTimeOffset.UnixEpoch);
        var snapshot = store.Current!;
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        snapshot.CertificateCount.ShouldBe(10_000);
        held.ShouldBeLessThan(10_000_000);
        GC.KeepAlive(list);
        GC.KeepAlive(page);
    }
}
