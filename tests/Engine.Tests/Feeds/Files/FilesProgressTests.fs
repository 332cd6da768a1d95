namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Files

module FilesProgressTests =

    let private table rows =
        let table = TableProgress()
        table.Expect rows
        table

    [<Tests>]
    let tests =
        testList "FilesProgressTests" [
            testCase "a table counts by its size"
            <| fun () ->
                let files = FilesProgress()
                files.Expect [ 3L; 1L ]
                files.Begin()
                let first, second = table 100L, table 100L
                files.Follow first
                equal 0.0 files.Done
                first.Pass 50L
                equal 0.375 files.Done
                first.Pass 100L
                files.Begin()
                files.Follow second
                equal 0.75 files.Done
                second.Pass 60L
                equal 0.9 files.Done
                second.End()
                equal 1.0 files.Done

            testCase "a table that has begun but is not yet opened is not taken for read"
            <| fun () ->
                let files = FilesProgress()
                files.Expect [ 3L; 1L ]
                files.Begin()
                let first = table 100L
                files.Follow first
                first.Pass 100L
                files.Begin()
                equal 0.75 files.Done

            testCase "nothing is known before the first table is opened, and of tables of unknown sizes"
            <| fun () ->
                let files = FilesProgress()
                holds (Double.IsNaN files.Done)
                files.Expect [ 3L ]
                files.Begin()
                holds (Double.IsNaN files.Done)
                let unknown = FilesProgress()
                unknown.Begin()
                unknown.Follow(table 100L)
                holds (Double.IsNaN unknown.Done)

            testCase "a table more than expected is not followed"
            <| fun () ->
                let files = FilesProgress()
                files.Expect [ 3L ]
                files.Begin()
                let first = table 100L
                files.Follow first
                first.End()
                files.Begin()
                files.Follow(table 100L)
                equal 1.0 files.Done

            testCase "the rows of all tables are followed as one"
            <| fun () ->
                let files = FilesProgress()
                files.Begin()
                let rows = table 8L
                files.FollowAll rows
                rows.Pass 2L
                equal 0.25 files.Done
        ]
