using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Tests.Sources.Checkpoints;
using Xunit.Sdk;

namespace KpiStream.Ingest.Tests.Host.Serving.Posting;

/// <summary>What was rejected at the door and told is counted after the process was killed, whatever became of the file.</summary>
public sealed class KeptRejectionsTests : IAsyncDisposable
{
    private const int Today = 20_000;
    private static readonly long Noon = LocalTime.StartOfDay(Today) + (LocalTime.MillisPerDay / 2);
    private static readonly Verdict Malformed = new(RejectReason.Malformed);
    private static readonly Verdict BadFee = Verdict.BadValue(CaseKey.Fee);

    private readonly List<string> said = [];
    private readonly StreamEngine engine;
    private long wall = Noon;

    public KeptRejectionsTests() => engine = new StreamEngine(
        new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), WallClock = () => wall });

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public void KilledAtAnyCall_WhatWasKeptBeforeOrNowIsThere()
    {
        for (var call = 1; ; call++)
        {
            var files = new MemoryFiles();
            var (kept, intake) = Open(files);
            Reject(intake, Malformed, 3);
            kept.Keep();
            Reject(intake, BadFee, 2);
            files.FailFrom = files.Calls + call;
            kept.Keep();
            var (_, next) = Open(files.AfterKill());
            if (said.Count == 0)
            {
                Assert.Equal([(Malformed, 3), (BadFee, 2)], next.Counts.On(Today).Rejected);
                Assert.InRange(call, 3, 10);
                return;
            }

            Assert.Contains(next.Counts.Rejected, (long[])[3, 5]);

            // Said once, and again when it is over; what could not be kept is kept with the next.
            Assert.Contains("rejected.json in memory could not be written", Assert.Single(said));
            files.FailFrom = int.MaxValue;
            kept.Keep();
            Assert.Contains("is written again", said[1]);
            Assert.Equal(5, Open(files.AfterKill()).Intake.Counts.Rejected);
            said.Clear();
        }
    }

    [Fact]
    public void OfFileAndCheckpoint_TheGreaterHolds_AndNothingCountsTwice()
    {
        var files = new MemoryFiles();
        var (kept, intake) = Open(files);
        Reject(intake, Malformed, 3);
        kept.Keep();
        var checkpoint = intake.Save();
        Reject(intake, BadFee, 2);
        kept.Keep();

        // A disk that was full for the file and not for a later checkpoint.
        Reject(intake, Malformed, 1);
        var later = intake.Save();
        Assert.Equal((5, 6), (Resume(files, checkpoint), Resume(files, later)));
        Assert.Equal((3, 5), (Resume(new MemoryFiles(), checkpoint), Resume(files, null)));
        Assert.Equal([(Malformed, 4), (BadFee, 2)], Open(files, later).Intake.Counts.ByReason);
        Assert.Empty(said);
    }

    [Fact]
    public void AnotherDay_IsNotToday_ButInAllItIsCounted()
    {
        var files = new MemoryFiles();
        var (kept, intake) = Open(files);
        Reject(intake, Malformed, 3);
        kept.Keep();
        wall += LocalTime.MillisPerDay;
        var (_, next) = Open(files);
        Reject(next, Malformed, 1);
        Assert.Equal((1, 4), (next.Counts.On(Today + 1).Rejected.Sum(row => row.Count), next.Counts.Rejected));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json\n")]
    [InlineData("\n\n\n")]
    [InlineData("half")]
    [InlineData("an unknown reason")]
    [InlineData("null")]
    public void ADamagedFile_IsSaid_TheCheckpointHolds_AndItIsWrittenAnew(string damage)
    {
        var files = new MemoryFiles();
        var (kept, intake) = Open(files);
        Reject(intake, Malformed, 3);
        kept.Keep();
        var checkpoint = intake.Save();
        Reject(intake, Malformed, 2);
        kept.Keep();
        var whole = files[KeptRejections.FileName];
        if (damage is "an unknown reason" or "null")
        {
            new StateNote(files, KeptRejections.FileName)
                .Write(Encoding.UTF8.GetBytes(damage == "null" ? damage : Encoding.UTF8.GetString(whole).Split('\n')[0].Replace("malformed", "no_reason")));
        }
        else
        {
            files[KeptRejections.FileName] = damage == "half" ? whole[..(whole.Length / 2)] : Encoding.UTF8.GetBytes(damage);
        }

        var (next, resumed) = Open(files, checkpoint);
        Assert.Contains("rejected.json in memory is damaged: what was rejected over HTTP since the newest checkpoint", Assert.Single(said));
        Assert.Equal(3, resumed.Counts.Rejected);
        Reject(resumed, BadFee, 1);
        next.Keep();
        Assert.Equal(4, Resume(files, null));
        Assert.Single(said);
    }

    [Fact]
    public void AFileThatCannotBeReadOrReplaced_IsSaid_AndNothingFails()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(KeptRejections.FileName));
        var (kept, intake) = Open(StateFiles.OfHeld(folder.Path));
        Reject(intake, Malformed, 1);
        kept.Keep();
        kept.Keep();
        Assert.Contains("could not be written", Assert.Single(said));
    }

    [Fact]
    public void TheFile_IsItsOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            throw SkipException.ForSkip("there are no file modes");
        }

        using var folder = new TemporaryFolder();
        var (kept, intake) = Open(StateFiles.OfHeld(folder.Path));
        Reject(intake, Malformed, 1);
        kept.Keep();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File(KeptRejections.FileName)));
        Assert.Equal([KeptRejections.FileName], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task ManyAtTheSameTime_AreAllKept()
    {
        using var folder = new TemporaryFolder();
        var (kept, intake) = Open(StateFiles.OfHeld(folder.Path));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var post = 0; post < 50; post++)
            {
                Reject(intake, post % 2 == 0 ? Malformed : BadFee, 1);
                kept.Keep();
            }
        })));
        Assert.Equal([(Malformed, 200), (BadFee, 200)], Open(StateFiles.OfHeld(folder.Path)).Intake.Counts.On(Today).Rejected);
        Assert.Empty(said);
    }

    /// <summary>A checkpoint of a program that knew only what had been counted when the day began.</summary>
    [Fact]
    public void AnOlderCheckpoint_IsCountedOn()
    {
        var older = new SavedIntake(
            10, 7, 1, 1, 1, 1, true, new Dictionary<string, long> { ["malformed"] = 9, ["bad_value:fee"] = 2 }, new Dictionary<string, long>());
        var intake = engine.OpenIntake("test");
        intake.Restore(older.ToState(new SavedToday(Today, new Dictionary<string, long> { ["malformed"] = 4, ["bad_value:fee"] = 2 }, 5)));
        var today = intake.Counts.On(Today);
        Assert.Equal((5, 2), (today.Rejected.Sum(row => row.Count), today.Late));
        Assert.Equal(11, intake.Counts.Rejected);
        Assert.Empty(older.ToState().Days);
    }

    private (KeptRejections Kept, Intake Intake) Open(IStateFiles files, IntakeState? checkpoint = null)
    {
        var intake = engine.OpenIntake("test");
        if (checkpoint is not null)
        {
            // As it is written and read.
            intake.Restore(JsonSerializer.Deserialize<SavedIntake>(JsonSerializer.Serialize(SavedIntake.Of(checkpoint)))!.ToState());
        }

        return (KeptRejections.Open(new StateNote(files, KeptRejections.FileName), intake, said.Add), intake);
    }

    private long Resume(IStateFiles files, IntakeState? checkpoint)
    {
        var (_, intake) = Open(files, checkpoint);
        Assert.Equal(intake.Counts.Rejected, intake.Counts.On(Today).Rejected.Sum(row => row.Count));
        return intake.Counts.Rejected;
    }

    private void Reject(Intake intake, Verdict verdict, int times)
    {
        for (; times > 0; times--)
        {
            intake.RejectPosted(verdict, "bad"u8, new SourcePosition(1, 1), wall);
        }
    }
}
