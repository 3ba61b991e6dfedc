using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SmimeOperator.TenantSimulator.Tests.Writes;

public sealed class ImportTests : SimulatorTest
{
    private static readonly RSA ConnectorKey = RSA.Create(2048);

    protected override SimulatorOptions Options { get; } = new()
    {
        Limits = PublishedLimits.Off,
        ConnectorPrivateKeyPem = ConnectorKey.ExportPkcs8PrivateKeyPem(),
    };

    [Fact]
    public async Task The_key_is_the_users_id_without_dashes_and_the_thumbprint_as_sent()
    {
        var user = Tenant.AddUser("alice@contoso.com");
        var created = await CreateAsync(Paths.Imports, Bodies.Import("Alice@contoso.com", "ABCDEF0123456789abcdef0123456789abcdef01"));

        var id = (string)created["id"]!;
        id.ShouldBe($"{user.Replace("-", "", StringComparison.Ordinal)}-ABCDEF0123456789abcdef0123456789abcdef01");
        ((string)created["userPrincipalName"]!).ShouldBe("Alice@contoso.com");
        ((string)(await GetAsync($"{Paths.Imports}('{id}')"))["id"]!).ShouldBe(id);
        created.AsObject().ContainsKey("@odata.type").ShouldBeFalse();
    }

    [Fact]
    public async Task Blob_and_password_never_come_back_but_the_connector_can_open_them()
    {
        Tenant.AddUser("alice@contoso.com");
        var body = Bodies.Import("alice@contoso.com");
        var password = ConnectorKey.Encrypt(Encoding.Latin1.GetBytes("gr\u00fcn"), RSAEncryptionPadding.OaepSHA512);
        body["encryptedPfxPassword"] = Convert.ToBase64String(password);
        body["encryptedPfxBlob"] = Convert.ToBase64String("pfx"u8);

        var created = await CreateAsync(Paths.Imports, body);

        ((string)created["encryptedPfxBlob"]!).ShouldBe("AA==");
        ((string)created["encryptedPfxPassword"]!).ShouldBe("");
        var stored = Tenant.StoredPfx((string)created["id"]!).ShouldNotBeNull();
        stored.Blob.ShouldBe("pfx"u8.ToArray());
        stored.EncryptedPassword.ShouldBe(password);
        stored.DecryptPassword().ShouldBe("gr\u00fcn");
    }

    [Fact]
    public async Task What_the_official_cmdlet_sends_is_accepted()
    {
        Tenant.AddUser("alice@contoso.com");

        var created = await CreateAsync(Paths.Imports, Bodies.Parse("""
            {"id":"","thumbprint":"f6f51756753fd27756c753fd75750fd27756c751","intendedPurpose":"SmimeEncryption",
             "userPrincipalName":"alice@contoso.com","startDateTime":"2024-01-01T01:00:00+01:00","expirationDateTime":"2026-01-01T01:00:00.1234567+01:00",
             "providerName":"Microsoft Software Key Storage Provider","keyName":"PFXEncryptionKey","paddingScheme":"OaepSha512",
             "encryptedPfxBlob":"MIIKqA==","encryptedPfxPassword":"c2VjcmV0","createdDateTime":"2024-05-01T10:00:00.1234567+02:00",
             "lastModifiedDateTime":"2024-05-01T10:00:00.1234567+02:00"}
            """));

        ((string)created["intendedPurpose"]!).ShouldBe("smimeEncryption");
        ((string)created["paddingScheme"]!).ShouldBe("oaepSha512");
        ((string)created["createdDateTime"]!).ShouldBe("2024-05-01T08:00:00.1234567Z");
        Tenant.Log.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_official_filters_find_a_users_records()
    {
        Tenant.AddUser("o'neil+x@contoso.com");
        Tenant.AddUser("bob@contoso.com");
        await CreateAsync(Paths.Imports, Bodies.Import("o'neil+x@contoso.com"));
        await CreateAsync(Paths.Imports, Bodies.Import("O'Neil+X@contoso.com", "1111111111111111111111111111111111111111"));
        await CreateAsync(Paths.Imports, Bodies.Import("bob@contoso.com"));

        const string Upn = "tolower(userPrincipalName) eq 'o''neil+x@contoso.com'";
        (await ListAsync(Filter(Upn))).Count.ShouldBe(2);
        (await ListAsync(Filter($"{Upn} and tolower(thumbprint) eq '1111111111111111111111111111111111111111'"))).Count.ShouldBe(1);
        (await ListAsync(Filter("userPrincipalName eq 'bob@contoso.com'"))).Count.ShouldBe(1);
        (await ListAsync(Filter("userPrincipalName eq 'BOB@contoso.com'"))).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Unknown_people_get_the_opaque_answer()
    {
        var (status, body) = await SendAsync("POST", Paths.Imports, Bodies.Import("nobody@contoso.com"));

        status.ShouldBe(HttpStatusCode.BadRequest);
        MessageOf(body).ShouldStartWith("An error has occurred - Operation ID");
        MessageOf(body).ShouldContain("RACerts/StatelessImportPFXService");
    }

    [Fact]
    public async Task A_second_record_with_the_same_key_conflicts()
    {
        Tenant.AddUser("alice@contoso.com");
        await CreateAsync(Paths.Imports, Bodies.Import("alice@contoso.com"));

        (await SendAsync("POST", Paths.Imports, Bodies.Import("alice@contoso.com"))).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_change_takes_the_full_payload_and_keeps_the_upload_when_it_brings_none()
    {
        Tenant.AddUser("alice@contoso.com");
        var id = (string)(await CreateAsync(Paths.Imports, Bodies.Import("alice@contoso.com")))["id"]!;
        var full = Bodies.Import("alice@contoso.com");
        full["keyName"] = "Rotated";
        full["encryptedPfxBlob"] = "AQID";

        // The official cmdlet writes the key in parentheses and forgets the quotes.
        (await SendAsync("PATCH", $"{Paths.Imports}({id})", full)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync("PATCH", $"{Paths.Imports}/{id}", new JsonObject { ["keyName"] = "Again" })).Status.ShouldBe(HttpStatusCode.NoContent);

        Tenant.StoredPfx(id)!.Blob.ShouldBe([1, 2, 3]);
        ((string)(await GetAsync($"{Paths.Imports}/{id}"))["keyName"]!).ShouldBe("Again");
        ((string)(await GetAsync($"{Paths.Imports}/{id}"))["encryptedPfxBlob"]!).ShouldBe("AA==");
    }

    [Fact]
    public async Task A_deletion_answers_204_even_for_keys_that_nobody_knows()
    {
        Tenant.AddUser("alice@contoso.com");
        var id = (string)(await CreateAsync(Paths.Imports, Bodies.Import("alice@contoso.com")))["id"]!;

        (await SendAsync("DELETE", $"{Paths.Imports}/alice@contoso.com-f6f5")).Status.ShouldBe(HttpStatusCode.NoContent);
        Tenant.Count("userPfxCertificates").ShouldBe(1);
        (await SendAsync("DELETE", $"{Paths.Imports}/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        Tenant.Count("userPfxCertificates").ShouldBe(0);
    }

    [Fact]
    public async Task Thumbprints_are_not_looked_at()
    {
        Tenant.AddUser("alice@contoso.com");
        await CreateAsync(Paths.Imports, Bodies.Import("alice@contoso.com", "whatever"));
    }

    private static string Filter(string text) => $"{Paths.Imports}?$filter={Uri.EscapeDataString(text)}";
}

public sealed class UpsertingImportTests : SimulatorTest
{
    protected override SimulatorOptions Options { get; } = new() { DuplicateImport = DuplicateImport.Upsert, StrictThumbprint = true };

    [Fact]
    public async Task A_second_record_can_replace_the_first()
    {
        Tenant.AddUser("alice@contoso.com");
        await CreateAsync(Paths.Imports, Bodies.Import("alice@contoso.com"));
        var again = Bodies.Import("alice@contoso.com");
        again["keyName"] = "Other";

        await CreateAsync(Paths.Imports, again);

        ((string)Tenant.List("userPfxCertificates").ShouldHaveSingleItem()["keyName"]!).ShouldBe("Other");
    }

    [Fact]
    public async Task Thumbprints_can_be_looked_at()
    {
        Tenant.AddUser("alice@contoso.com");

        (await SendAsync("POST", Paths.Imports, Bodies.Import("alice@contoso.com", "whatever"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
